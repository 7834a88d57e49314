package io.switchboard.transport.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The first line and the headers of a request, checked for form.
 *
 * @param path as sent, without the query
 * @param query as sent, empty if there is none
 * @param persistent whether the client can send another request on this connection (HTTP/1.1)
 * @param headers by lower-case name; the first of each, joined by commas for those that are lists
 */
public record RequestHead(String method, String path, String query, boolean persistent, Map<String, String> headers) {

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** Whether a header that is a comma-separated list has that word, in whichever case. */
    public boolean lists(String lowerCaseName, String word) {
        String value = headers.get(lowerCaseName);
        if (value == null) {
            return false;
        }
        for (String item : value.split(",", -1)) {
            if (item.strip().toLowerCase(Locale.ROOT).equals(word)) {
                return true;
            }
        }
        return false;
    }

    /** Of methods, names of headers and of sub-protocols. */
    public static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || (c > ' ' && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    boolean asksForWebSocket() {
        return lists("upgrade", "websocket");
    }

    boolean hasBody() {
        return headers.containsKey("transfer-encoding")
                || !headers.getOrDefault("content-length", "0").equals("0");
    }
}
