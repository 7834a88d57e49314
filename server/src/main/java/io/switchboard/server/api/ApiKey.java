package io.switchboard.server.api;

import io.switchboard.transport.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

/**
 * What lets a request in: the key, as {@code X-API-Key: KEY}, {@code Authorization: apikey KEY}, {@code Authorization:
 * Bearer KEY}, or {@code ?api_key=KEY}.
 *
 * @param key empty where everybody is let in
 */
public record ApiKey(Optional<String> key) {
    /** Without the key. */
    @Override
    public String toString() {
        return "ApiKey(" + (key.isEmpty() ? "none needed" : "…") + ")";
    }

    public boolean opens(HttpRequest request) {
        return key.isEmpty() || same(key.get(), given(request));
    }

    private static String given(HttpRequest request) {
        Optional<String> own = request.header("x-api-key");
        if (own.isPresent()) {
            return own.get();
        }
        String authorization = request.header("authorization").orElse("");
        int space = authorization.indexOf(' ');
        String scheme = authorization.substring(0, Math.max(0, space)).toLowerCase(Locale.ROOT);
        return scheme.equals("apikey") || scheme.equals("bearer")
                ? authorization.substring(space + 1).strip()
                : request.query().getOrDefault("api_key", "");
    }

    /** In a time that does not tell how much of it is right. */
    private static boolean same(String key, String given) {
        return MessageDigest.isEqual(key.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
