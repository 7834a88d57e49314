package io.switchboard.server.web;

import io.switchboard.directory.Groups;
import io.switchboard.hub.Outcome;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.node.Node;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.sign.SignPush;
import io.switchboard.server.api.ApiKey;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRequest;
import io.switchboard.transport.http.HttpRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * What a backend may ask over HTTP, with the key, of the protocols that are served:
 *
 * <pre>
 *   POST /api/sign/push?sign=abc          body: JSON data; also ?identity=T_7_3_tenant_1, ?to=everybody, &amp;type=2
 *   GET, PUT, DELETE /api/groups/77       body of PUT: the members, ["1","2"]
 * </pre>
 */
final class ApiRoutes {
    private static final String GROUPS = "/api/groups/";
    private static final String PUSH = "/api/sign/push";

    private final ServerConfig config;
    private final Groups groups;
    private final SignPush push;
    private final ApiKey key;

    ApiRoutes(Node node, ServerConfig config, Groups groups, ApiKey key) {
        this.key = key;
        this.config = config;
        this.groups = groups;
        this.push = new SignPush(node, config.protocols().sign().settings());
    }

    List<HttpRoute> all() {
        var routes = new ArrayList<HttpRoute>();
        if (config.protocols().sign().enabled()) {
            routes.add(new HttpRoute(PUSH, false, Set.of("POST"), request -> guarded(request, this::push)));
        }
        if (config.protocols().inbox().enabled()) {
            routes.add(new HttpRoute(
                    GROUPS, true, Set.of("GET", "PUT", "DELETE"), request -> guarded(request, this::group)));
        }
        return routes;
    }

    /** What is asked for; fails as the client's mistake or not at all. */
    private interface Asked {
        CompletionStage<HttpAnswer> answer(HttpRequest request) throws MalformedException;
    }

    private CompletionStage<HttpAnswer> guarded(HttpRequest request, Asked asked) {
        if (!key.opens(request)) {
            return now(error(401, "give the key: Authorization: Bearer KEY, or X-API-Key: KEY")
                    .with("WWW-Authenticate", "Bearer"));
        }
        try {
            return asked.answer(request).exceptionally(ApiRoutes::failed);
        } catch (MalformedException | IllegalArgumentException e) {
            return now(error(400, String.valueOf(e.getMessage())));
        }
    }

    private static HttpAnswer failed(Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return why instanceof IllegalArgumentException
                ? error(400, String.valueOf(why.getMessage()))
                : error(503, "not done, or nobody knows: say it again");
    }

    private CompletionStage<HttpAnswer> push(HttpRequest request) throws MalformedException {
        Message data = Message.checked(Message.Kind.JSON, request.body().duplicate());
        Map<String, String> query = request.query();
        int type = query.containsKey("type") ? whole(query.getOrDefault("type", "")) : push.taskCount();
        String sign = query.getOrDefault("sign", "");
        String identity = query.getOrDefault("identity", "");
        CompletionStage<Outcome> pushed;
        if (!sign.isEmpty()) {
            pushed = push.toConnection(sign, type, data);
        } else if (!identity.isEmpty()) {
            pushed = push.toIdentity(identity, type, data);
        } else if (query.getOrDefault("to", "").equals("everybody")) {
            pushed = push.toEverybody(type, data);
        } else {
            return now(error(400, "whom is it for? give ?sign=, ?identity= or ?to=everybody"));
        }
        return pushed.thenApply(outcome -> HttpAnswer.json(
                200,
                "{\"local\":" + outcome.local() + ",\"remote\":\""
                        + outcome.remote().name().toLowerCase(Locale.ROOT) + "\"}"));
    }

    private static int whole(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("parameter type is not a whole number", e);
        }
    }

    private CompletionStage<HttpAnswer> group(HttpRequest request) throws MalformedException {
        String group = request.path().substring(GROUPS.length());
        if (!group.matches("-?\\d{1,19}")) {
            return now(error(404, "a group is a number"));
        }
        return switch (request.method()) {
            case "PUT" ->
                groups.set(
                                group,
                                Optional.of(members(JsonReader.of(request.body().duplicate()))))
                        .thenCompose(done -> list(group));
            case "DELETE" -> groups.set(group, Optional.empty()).thenApply(done -> HttpAnswer.json(200, "{}"));
            default -> list(group);
        };
    }

    private CompletionStage<HttpAnswer> list(String group) {
        return groups.members(group)
                .thenApply(members -> members.isEmpty()
                        ? error(404, "group " + group + " has no member list")
                        : HttpAnswer.json(
                                        200,
                                        "{\"group\":\"" + group + "\",\"members\":[\""
                                                + String.join("\",\"", new TreeSet<>(members.get())) + "\"]}")
                                .with("Cache-Control", "no-store"));
    }

    private static Set<String> members(JsonReader in) throws MalformedException {
        var members = new TreeSet<String>();
        in.beginArray();
        for (boolean first = true; in.hasItem(first); first = false) {
            String member = in.peek() == JsonReader.Token.NUMBER ? in.number() : in.string();
            if (!member.matches("-?\\d{1,19}")) {
                throw new MalformedException("a member is a number");
            }
            members.add(member);
            if (members.size() > Groups.MEMBERS_MAX) {
                throw new MalformedException(Groups.TOO_MANY_MEMBERS);
            }
        }
        in.end();
        return members;
    }

    private static HttpAnswer error(int status, String why) {
        return HttpAnswer.json(status, "{\"error\":\"" + why.replace("\\", "").replace('"', '\'') + "\"}");
    }

    private static CompletionStage<HttpAnswer> now(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
