package io.switchboard.server.api;

import io.switchboard.directory.Groups;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.node.Node;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRequest;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The server API: {@code POST /api/<method>} with an object of parameters, answered by {@code {"result":{…}}} or
 * {@code {"error":{"code":…,"message":…}}}; and the older form, {@code POST /api} with {@code
 * {"method":…,"params":{…}}}. Its words are those of the Centrifugal server API, so that libraries for it work; what is
 * ours beside them stands in further fields and methods. Described by {@code /api/openapi.json}.
 */
public final class ServerApi {
    private static final String PATH = "/api";
    private static final String BATCH = "batch";
    private static final String DESCRIPTION = "openapi.json";
    private static final int NAME_MAX = 64;

    private final ApiKey key;
    private final boolean errorsByStatus;
    private final Map<String, ApiMethod> methods = new LinkedHashMap<>();

    /**
     * @param errorsByStatus whether errors are told by the HTTP status, also where the request does not want it
     * @param groups whose member lists may be changed, where a protocol has some
     */
    public ServerApi(Node node, ApiKey key, boolean errorsByStatus, ApiCalls calls, Optional<Groups> groups) {
        this.key = key;
        this.errorsByStatus = errorsByStatus;
        new PublishMethods(node).addTo(methods);
        new SessionMethods(node).addTo(methods);
        new InquiryMethods(node).addTo(methods);
        groups.ifPresent(lists -> new GroupMethods(lists).addTo(methods));
        methods.put("rpc", params -> rpc(calls, params));
    }

    public List<HttpRoute> routes() {
        var routes = new ArrayList<HttpRoute>();
        methods.forEach((name, method) -> routes.add(post(PATH + "/" + name, request -> one(method, request))));
        routes.add(post(PATH + "/" + BATCH, this::batch));
        routes.add(post(PATH, this::named));
        var files = new Resources(ServerApi.class, "/io/switchboard/server/api", List.of(DESCRIPTION));
        routes.add(HttpRoute.get(PATH + "/" + DESCRIPTION, request -> files.answer(DESCRIPTION, request)));
        return routes;
    }

    /** Of a path below ours that is no method's. */
    public Optional<HttpAnswer> missing(String path) {
        if (!isOurs(path)) {
            return Optional.empty();
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        return Optional.of(
                missing(name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX) + "…", methods.keySet()));
    }

    private static HttpAnswer missing(String name, Set<String> known) {
        String why = (name.isEmpty() ? "none is named" : "there is no " + name) + "; POST to one of "
                + String.join(", ", known) + ", " + BATCH + ", as " + PATH + "/" + DESCRIPTION + " describes";
        return answer(404, new Reply.Failed(ApiError.METHOD_NOT_FOUND.because(why)).as(""));
    }

    /** The same where the API is not served. */
    public static Optional<HttpAnswer> off(String path) {
        var why = ApiError.NOT_AVAILABLE.because("the server API is off here; set api.key to switch it on");
        return isOurs(path) ? Optional.of(answer(404, new Reply.Failed(why).as(""))) : Optional.empty();
    }

    private static boolean isOurs(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    /** What is made of the parameters of a request that was let in. */
    private interface Asked {
        CompletionStage<HttpAnswer> answer(HttpRequest request) throws MalformedException;
    }

    private HttpRoute post(String path, Asked asked) {
        return new HttpRoute(path, false, Set.of("POST"), request -> {
            if (!key.opens(request)) {
                return now(answer(401, new Reply.Failed(ApiError.UNAUTHORIZED).as(""))
                        .with("WWW-Authenticate", "apikey"));
            }
            try {
                return asked.answer(request);
            } catch (MalformedException e) {
                // Not even an object: there is nobody to be told in the form of an answer.
                return now(answer(400, Reply.failed(e).as("")));
            }
        });
    }

    private static JsonIn params(HttpRequest request) throws MalformedException {
        if (request.body().hasRemaining()) {
            Message.checked(Message.Kind.JSON, request.body().duplicate());
        }
        return JsonIn.of(request.body());
    }

    // One request

    private CompletionStage<HttpAnswer> one(ApiMethod method, HttpRequest request) throws MalformedException {
        return Reply.of(method, params(request)).thenApply(reply -> answer(request, reply));
    }

    private CompletionStage<HttpAnswer> named(HttpRequest request) throws MalformedException {
        JsonIn command = params(request);
        ApiMethod method = methods.get(command.text("method"));
        return method == null
                ? now(answer(request, Reply.failed(new ApiException(ApiError.METHOD_NOT_FOUND))))
                : Reply.of(method, command.object("params")).thenApply(reply -> answer(request, reply));
    }

    private HttpAnswer answer(HttpRequest request, Reply reply) {
        boolean byStatus = errorsByStatus
                || request.header("x-centrifugo-error-mode")
                        .filter("transport"::equals)
                        .isPresent();
        int status = reply instanceof Reply.Failed(var error, var details) && byStatus ? error.status() : 200;
        return answer(status, reply.as("result"));
    }

    private static HttpAnswer answer(int status, Consumer<JsonOut> members) {
        return new HttpAnswer(status, "application/json", Map.of("Cache-Control", "no-store"), JsonOut.object(members));
    }

    // Several at once

    private CompletionStage<HttpAnswer> batch(HttpRequest request) throws MalformedException {
        JsonIn params = params(request);
        List<JsonIn> commands;
        boolean parallel;
        try {
            commands = params.objects("commands");
            parallel = params.flag("parallel");
        } catch (MalformedException e) {
            return now(answer(request, Reply.failed(e)));
        }
        var replies = new ArrayList<CompletableFuture<Consumer<JsonOut>>>();
        CompletionStage<?> before = CompletableFuture.completedFuture(null);
        for (JsonIn command : commands) {
            var reply = before.thenCompose(done -> command(command)).toCompletableFuture();
            replies.add(reply);
            before = parallel ? before : reply;
        }
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(all -> answer(
                        200,
                        out -> out.objects(
                                "replies",
                                replies,
                                (reply, item) -> reply.join().accept(item))));
    }

    /** A command of a batch is an object with one member, the method and its parameters; so is its reply. */
    private CompletionStage<Consumer<JsonOut>> command(JsonIn command) {
        String name = command.names().isEmpty() ? "" : command.names().getFirst();
        ApiMethod method = methods.get(name);
        CompletionStage<Reply> reply;
        try {
            reply = method == null
                    ? now(Reply.failed(new ApiException(ApiError.METHOD_NOT_FOUND)))
                    : Reply.of(method, command.object(name));
        } catch (MalformedException e) {
            reply = now(Reply.failed(e));
        }
        return reply.thenApply(what -> what.as(name));
    }

    private static CompletionStage<Consumer<JsonOut>> rpc(ApiCalls calls, JsonIn params) throws MalformedException {
        String name = params.needed("method");
        ApiCalls.Call call = calls.find(name)
                .orElseThrow(() -> new ApiException(ApiError.METHOD_NOT_FOUND.because("nobody answers " + name)));
        return call.answer(params.json("params").orElse(Message.json("null")))
                .thenApply(data -> out -> out.put("data", data));
    }

    private static <T> CompletionStage<T> now(T answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
