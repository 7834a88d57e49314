package io.switchboard.transport.http;

import io.switchboard.protocol.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer of a route. Content-Length, Connection, Date and the headers that protect pages are added.
 *
 * @param headers beside Content-Type; they win over those that would be added
 */
public record HttpAnswer(int status, String contentType, Map<String, String> headers, ByteBuffer body) {
    public HttpAnswer {
        for (String value : headers.values()) {
            if (value.chars().anyMatch(c -> c < ' ' || c > 0xff)) {
                throw new IllegalArgumentException("a header of an answer has a character that is not permitted");
            }
        }
        headers = Collections.unmodifiableMap(headers);
    }

    public static HttpAnswer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text);
    }

    public static HttpAnswer json(int status, String json) {
        return of(status, "application/json", json);
    }

    public static HttpAnswer of(int status, String contentType, String body) {
        return new HttpAnswer(status, contentType, Map.of(), ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    public static HttpAnswer noContent() {
        return of(204, "text/plain; charset=utf-8", "");
    }

    public static HttpAnswer refusal(Refusal refusal) {
        HttpAnswer answer = text(refusal.status(), refusal.text());
        if (refusal.retryAfter().isPresent()) {
            long seconds = Math.max(1, (refusal.retryAfter().get().toMillis() + 999) / 1_000);
            answer = answer.with("Retry-After", Long.toString(seconds));
        }
        // The standard wants the client told which version it should have asked for.
        return refusal.status() == 426 ? answer.with("Sec-WebSocket-Version", "13") : answer;
    }

    public HttpAnswer with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, contentType, more, body);
    }

    public HttpAnswer with(Map<String, String> more) {
        HttpAnswer answer = this;
        for (Map.Entry<String, String> header : more.entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
