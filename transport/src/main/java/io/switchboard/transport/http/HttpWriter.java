package io.switchboard.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Spells answers in HTTP/1.1. */
public final class HttpWriter {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(202, "Accepted"),
            Map.entry(204, "No Content"),
            Map.entry(302, "Found"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    /** Pages may load what this server serves, and open WebSockets to any node. */
    private static final String PAGE_POLICY = "default-src 'self'; connect-src 'self' ws: wss:; object-src 'none';"
            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    private HttpWriter() {}

    static ByteBuf write(ByteBufAllocator allocator, HttpAnswer answer, boolean withBody, boolean close) {
        var headers = headers(answer, close);
        boolean hasBody = answer.status() != 204 && answer.status() != 304;
        if (hasBody) {
            headers.put("Content-Length", Integer.toString(answer.body().remaining()));
        }
        ByteBuf bytes = head(allocator, answer, headers);
        return hasBody && withBody ? bytes.writeBytes(answer.body().duplicate()) : bytes;
    }

    /** The beginning of an answer that goes on in chunks, and is the connection's last; its body is the first chunk. */
    public static ByteBuf begin(ByteBufAllocator allocator, HttpAnswer answer) {
        var headers = headers(answer, true);
        headers.put("Transfer-Encoding", "chunked");
        ByteBuf bytes = head(allocator, answer, headers);
        int length = answer.body().remaining();
        if (length > 0) {
            bytes.writeCharSequence(Integer.toHexString(length) + "\r\n", StandardCharsets.US_ASCII);
            bytes.writeBytes(answer.body().duplicate());
            bytes.writeCharSequence("\r\n", StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    private static Map<String, String> headers(HttpAnswer answer, boolean close) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Content-Type", answer.contentType());
        headers.put("X-Content-Type-Options", "nosniff");
        if (answer.contentType().startsWith("text/html")) {
            headers.put("Content-Security-Policy", PAGE_POLICY);
            headers.put("Referrer-Policy", "no-referrer");
        }
        headers.putAll(answer.headers());
        headers.put("Date", ZonedDateTime.now(ZoneOffset.UTC).format(DATE));
        if (close) {
            headers.put("Connection", "close");
        }
        return headers;
    }

    private static ByteBuf head(ByteBufAllocator allocator, HttpAnswer answer, Map<String, String> headers) {
        var head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(REASONS.getOrDefault(answer.status(), ""))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        ByteBuf bytes = allocator.directBuffer(head.length() + answer.body().remaining());
        bytes.writeCharSequence(head, StandardCharsets.ISO_8859_1);
        return bytes;
    }
}
