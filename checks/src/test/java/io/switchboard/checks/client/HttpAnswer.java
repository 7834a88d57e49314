package io.switchboard.checks.client;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Status, headers (names in lower case) and body of an HTTP answer. */
public record HttpAnswer(int status, Map<String, String> headers, String body) {
    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /** Reads the head as it stood on the wire, without the empty line at its end. */
    static HttpAnswer ofHead(String head) {
        var lines = head.split("\r\n", -1);
        var words = lines[0].split(" ", 3);
        if (!words[0].startsWith("HTTP/") || words.length < 2) {
            throw new AssertionError("not an HTTP answer: " + lines[0]);
        }
        var headers = new HashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.merge(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip(),
                        (one, other) -> one + ", " + other);
            }
        }
        return new HttpAnswer(Integer.parseInt(words[1]), headers, "");
    }

    HttpAnswer withBody(String text) {
        return new HttpAnswer(status, headers, text);
    }

    /** Empty if absent. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
