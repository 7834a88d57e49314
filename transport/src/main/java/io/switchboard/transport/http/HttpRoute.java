package io.switchboard.transport.http;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Where a request goes by its path, and who answers it. Answers are made on event loops and must not block, unless the
 * route is given an executor with {@link #on}.
 *
 * @param path decoded, from the first slash
 * @param prefix whether paths that only begin so are meant too
 * @param methods that are answered; HEAD is where GET is
 */
public record HttpRoute(
        String path, boolean prefix, Set<String> methods, Function<HttpRequest, CompletionStage<HttpAnswer>> answer) {

    public HttpRoute {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the route " + path + " does not begin with /");
        }
        methods = Set.copyOf(methods);
    }

    /** A page or a state, at exactly that path. */
    public static HttpRoute get(String path, Function<HttpRequest, HttpAnswer> answer) {
        return new HttpRoute(path, false, Set.of("GET"), now(answer));
    }

    /** Everything below a path that ends in a slash. */
    public static HttpRoute getUnder(String path, Function<HttpRequest, HttpAnswer> answer) {
        return new HttpRoute(path, true, Set.of("GET"), now(answer));
    }

    /** The same, answered by a thread that may block. */
    public HttpRoute on(Executor executor) {
        return new HttpRoute(
                path,
                prefix,
                methods,
                request -> CompletableFuture.supplyAsync(() -> answer.apply(request), executor)
                        .thenCompose(Function.identity()));
    }

    boolean answers(String method) {
        return methods.contains(method.equals("HEAD") ? "GET" : method);
    }

    boolean matches(String requested) {
        return prefix ? requested.startsWith(path) : requested.equals(path);
    }

    private static Function<HttpRequest, CompletionStage<HttpAnswer>> now(Function<HttpRequest, HttpAnswer> answer) {
        return request -> CompletableFuture.completedFuture(answer.apply(request));
    }
}
