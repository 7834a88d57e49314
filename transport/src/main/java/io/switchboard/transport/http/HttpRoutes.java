package io.switchboard.transport.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The routes of a server: exact paths first, then the longest prefix; and what is said where there is none. */
public final class HttpRoutes {
    private final List<HttpRoute> routes;
    private final Function<String, Optional<HttpAnswer>> missing;

    /** @throws IllegalArgumentException if two routes claim the same path */
    public HttpRoutes(List<HttpRoute> routes) {
        this(routes, path -> Optional.empty());
    }

    private HttpRoutes(List<HttpRoute> routes, Function<String, Optional<HttpAnswer>> missing) {
        this.missing = missing;
        for (int i = 0; i < routes.size(); i++) {
            HttpRoute one = routes.get(i);
            for (HttpRoute other : routes.subList(0, i)) {
                if (one.path().equals(other.path()) && one.prefix() == other.prefix()) {
                    throw new IllegalArgumentException("two routes claim " + one.path());
                }
            }
        }
        this.routes = routes.stream()
                .sorted(Comparator.comparing(HttpRoute::prefix)
                        .thenComparingInt(route -> -route.path().length()))
                .toList();
    }

    public static HttpRoutes none() {
        return new HttpRoutes(List.of());
    }

    /** These and more. */
    public HttpRoutes with(List<HttpRoute> more) {
        return more.isEmpty()
                ? this
                : new HttpRoutes(Stream.concat(routes.stream(), more.stream()).toList(), missing);
    }

    /** The same, with more to say of a path that neither a route nor an endpoint has, where it has something to say. */
    public HttpRoutes withMissing(Function<String, Optional<HttpAnswer>> answer) {
        return new HttpRoutes(routes, answer);
    }

    HttpAnswer missing(String path) {
        return missing.apply(path).orElseGet(() -> HttpAnswer.text(404, "404 Not Found"));
    }

    Optional<HttpRoute> find(String path) {
        return routes.stream().filter(route -> route.matches(path)).findFirst();
    }
}
