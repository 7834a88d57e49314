package io.switchboard.transport.handshake;

import io.switchboard.transport.http.HttpAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a browser must be told before it lets a page of another origin read an answer. For origins that are permitted:
 * {@link Origins} has refused the others.
 */
final class CrossOrigin {
    private static final String MAX_AGE_SECONDS = "300";

    private CrossOrigin() {}

    /** @param origin of the page, if there is one */
    static Map<String, String> headers(Optional<String> origin) {
        return origin.filter(CrossOrigin::isPlain)
                .map(page -> Map.of(
                        "Access-Control-Allow-Origin", page,
                        "Access-Control-Allow-Credentials", "true",
                        "Vary", "Origin"))
                .orElse(Map.of());
    }

    /** The answer to the question that a browser asks before a request. */
    static HttpAnswer preflight(Map<String, String> headers, Map<String, String> request, Set<String> methods) {
        var more = new LinkedHashMap<>(headers);
        more.put("Access-Control-Allow-Methods", allowed(methods));
        more.put("Access-Control-Max-Age", MAX_AGE_SECONDS);
        String wanted = request.get("access-control-request-headers");
        if (wanted != null && isPlain(wanted)) {
            more.put("Access-Control-Allow-Headers", wanted);
        }
        return HttpAnswer.noContent().with(more);
    }

    /** The methods, and the question about them. */
    static String allowed(Set<String> methods) {
        var all = new TreeSet<>(methods);
        all.add("OPTIONS");
        return String.join(", ", all);
    }

    private static boolean isPlain(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
