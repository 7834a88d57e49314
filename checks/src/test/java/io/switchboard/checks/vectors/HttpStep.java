package io.switchboard.checks.vectors;

import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import java.util.regex.Pattern;

/**
 * A request told in words: {@code GET /chat/channel/1}, {@code upgrade /?sign=abc}, {@code upgrade without Origin},
 * {@code upgrade /chat/user/1 with Origin null}.
 */
record HttpStep(String method, String path, boolean mentionsOrigin, String origin) {
    private static final Pattern WORDS =
            Pattern.compile("(\\w+)(?: (/\\S*))?(?: (without Origin)| (?:with )?Origin:? (\\S+))?");

    static HttpStep parse(String words, String endpoint) {
        var parts = WORDS.matcher(words);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a request that nobody understands yet: " + words);
        }
        var path = parts.group(2) == null ? endpoint.replaceAll("\\{[^}]*}", "1") : parts.group(2);
        var origin = parts.group(4) == null ? "" : parts.group(4);
        return new HttpStep(parts.group(1), path, parts.group(3) != null || !origin.isEmpty(), origin);
    }

    HttpAnswer ask(int port) {
        var upgrade = Handshake.to("127.0.0.1", port, path);
        var request = method.equals("upgrade") ? upgrade : upgrade.plain().withMethod(method);
        return WsClient.ask(origin.isEmpty() ? request : request.with("Origin", origin));
    }
}
