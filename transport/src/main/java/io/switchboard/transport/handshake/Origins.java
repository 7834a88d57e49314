package io.switchboard.transport.handshake;

import io.switchboard.protocol.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which pages may open a WebSocket or a stream here. Browsers tell the page's origin and do not let it lie; other
 * programs may send any or none, so this protects users of browsers, not the server.
 */
public final class Origins {
    private static final String ANY = "*";

    /** The text before and after the star of {@code https://*.example.com}; equal to the whole where there is none. */
    private record Pattern(String before, Optional<String> after) {
        boolean permits(String origin) {
            if (after.isEmpty()) {
                return origin.equals(before);
            }
            String end = after.get();
            if (origin.length() <= before.length() + end.length()
                    || !origin.startsWith(before)
                    || !origin.endsWith(end)) {
                return false;
            }
            return origin.substring(before.length(), origin.length() - end.length())
                    .chars()
                    .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
        }
    }

    private final boolean any;
    private final boolean required;
    private final List<Pattern> patterns = new ArrayList<>();

    /**
     * @param permitted origins as {@code https://example.com}, {@code https://*.example.com:8443}, or {@code *} for all
     * @param required whether a request without an origin, or with origin {@code null}, is refused
     * @throws IllegalArgumentException naming the origin that is none
     */
    public Origins(List<String> permitted, boolean required) {
        this.any = permitted.contains(ANY);
        this.required = required;
        for (String origin : permitted) {
            if (!origin.equals(ANY)) {
                patterns.add(pattern(origin));
            }
        }
    }

    private static Pattern pattern(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        int host = lower.indexOf("://") + 3;
        int star = lower.indexOf('*');
        boolean wellFormed = host > 3
                && lower.length() > host
                && lower.indexOf('/', host) < 0
                && (star < 0 || (star == host && lower.startsWith("*.", star) && lower.lastIndexOf('*') == star));
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    "origin " + origin + " is not of the form https://example.com, https://*.example.com or *");
        }
        return star < 0
                ? new Pattern(lower, Optional.empty())
                : new Pattern(lower.substring(0, star), Optional.of(lower.substring(star + 1)));
    }

    void check(Optional<String> origin) throws Refusal.Thrown {
        boolean named = origin.isPresent() && !origin.get().equals("null");
        if (!named && required) {
            throw new Refusal.Thrown(Refusal.of(403, "header origin is missing"));
        }
        if (any || origin.isEmpty()) {
            return;
        }
        String lower = origin.get().toLowerCase(Locale.ROOT);
        if (patterns.stream().noneMatch(pattern -> pattern.permits(lower))) {
            throw new Refusal.Thrown(Refusal.of(403, "pages of this origin may not connect"));
        }
    }
}
