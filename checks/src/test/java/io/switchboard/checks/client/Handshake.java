package io.switchboard.checks.client;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The opening request, right unless told to be wrong: any header can be replaced or left out, the target can be
 * anything, and raw bytes may follow in the same write.
 */
public record Handshake(
        String host, int port, String method, String target, Map<String, String> headers, ByteBuffer extra) {
    private static final String KEY = "c3dpdGNoYm9hcmQga2V5IQ==";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static Handshake to(String host, int port, String target) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Host", host + ":" + port);
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "Upgrade");
        headers.put("Sec-WebSocket-Key", KEY);
        headers.put("Sec-WebSocket-Version", "13");
        return new Handshake(host, port, "GET", target, headers, ByteBuffer.allocate(0));
    }

    /** Takes the path and query as they are written, without decoding. */
    public static Handshake to(URI uri) {
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return to(uri.getHost(), uri.getPort(), uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    public Handshake withMethod(String other) {
        return new Handshake(host, port, other, target, headers, extra);
    }

    public Handshake with(String header, String value) {
        var changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new Handshake(host, port, method, target, changed, extra);
    }

    public Handshake without(String header) {
        var changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        return new Handshake(host, port, method, target, changed, extra);
    }

    /** A plain request: none of the headers that ask for an upgrade. */
    public Handshake plain() {
        return without("Upgrade")
                .without("Sec-WebSocket-Key")
                .without("Sec-WebSocket-Version")
                .with("Connection", "close");
    }

    /** Bytes that follow the request in the same write: a body, or frames sent before the answer is there. */
    public Handshake followedBy(byte[] bytes) {
        return new Handshake(host, port, method, target, headers, ByteBuffer.wrap(bytes));
    }

    byte[] bytes() {
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        var rest = new byte[extra.remaining()];
        extra.duplicate().get(rest);
        bytes.writeBytes(rest);
        return bytes.toByteArray();
    }

    /** Fails unless the server proved that it understood the key. */
    void verify(HttpAnswer answer) {
        var key = headers.getOrDefault("Sec-WebSocket-Key", "");
        if (!answer.header("Sec-WebSocket-Accept").equals(acceptFor(key))) {
            throw new AssertionError("wrong Sec-WebSocket-Accept: " + answer);
        }
    }

    private static String acceptFor(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
