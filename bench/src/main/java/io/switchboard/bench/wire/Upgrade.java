package io.switchboard.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The handshake: one request, and what is made of the answer. */
final class Upgrade {
    /** The key of RFC 6455's own example: nothing here depends on its being random. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private Upgrade() {}

    static byte[] request(Endpoint endpoint, String path, List<String> headers) {
        var text = new StringBuilder(256)
                .append("GET ")
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(endpoint.hostAndPort())
                .append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
                .append("Sec-WebSocket-Key: ")
                .append(KEY)
                .append("\r\n");
        headers.forEach(header -> text.append(header).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Where the header of an answer ends, or -1 while it is not complete. */
    static int end(byte[] bytes, int length) {
        for (int at = 3; at < length; at++) {
            if (bytes[at] == '\n' && bytes[at - 1] == '\r' && bytes[at - 2] == '\n' && bytes[at - 3] == '\r') {
                return at + 1;
            }
        }
        return -1;
    }

    static boolean switches(byte[] bytes, int end) {
        return new String(bytes, 0, Math.min(end, 12), StandardCharsets.ISO_8859_1).matches("HTTP/1\\.[01] 101");
    }

    /** Why an answer that says 101 is none; empty if it is fine. */
    static Optional<String> fault(byte[] bytes, int end) {
        var head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        return header(head, "sec-websocket-accept").filter(ACCEPT::equals).isPresent()
                ? Optional.empty()
                : Optional.of("it answers 101 but is no WebSocket server (Sec-WebSocket-Accept is missing or wrong)");
    }

    /** Whether all of a refusal is there; without a length it is there when the server closes. */
    static boolean complete(byte[] bytes, int length, int end) {
        var head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        return header(head, "content-length")
                .filter(text -> text.matches("\\d{1,9}"))
                .map(text -> length - end >= Integer.parseInt(text))
                .orElse(false);
    }

    /** The status and the first line of the body. */
    static String refusal(byte[] bytes, int length, int end) {
        var head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        var status = head.lines().findFirst().orElse("").replaceFirst("^HTTP/1\\.[01] ", "HTTP ");
        var body = new String(bytes, end, length - end, StandardCharsets.UTF_8);
        var line =
                body.lines().map(String::strip).filter(text -> !text.isEmpty()).findFirst();
        return status
                + line.map(text -> ": " + (text.length() > 120 ? text.substring(0, 120) + "…" : text))
                        .orElse("");
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
