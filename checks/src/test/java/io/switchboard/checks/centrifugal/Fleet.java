package io.switchboard.checks.centrifugal;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that know the namespaces of the preset conformance, and one more, and tokens for them. Here tokens count in
 * full.
 */
final class Fleet implements AutoCloseable {
    static final String KEY = "test-api-key";
    static final String SECRET = "secret";
    private static final String ALL = " subscribe=anyone publish=anyone history_read=anyone recoverable=true"
            + " positioned=true history_ttl=300s history_size=";
    private static final String SEEN = " presence=true presence_read=anyone join_leave=true";
    private static final String NAMESPACES =
            "default" + ALL + "100 delta=true tags_filter=true push_join_leave=true" + SEEN + ", delta" + ALL
                    + "100 delta=true, recovery" + ALL + "100" + SEEN + ", smallhistory" + ALL + "2, cache" + ALL
                    + "100 recovery=cache";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final @Nullable RedisServer redis;
    private final List<NodeProcess> nodes = new ArrayList<>();

    private Fleet(@Nullable RedisServer redis) {
        this.redis = redis;
    }

    static Fleet one() {
        return one(Map.of());
    }

    /** @param more settings */
    static Fleet one(Map<String, String> more) {
        var fleet = new Fleet(null);
        fleet.nodes.add(NodeProcess.start(settings("a", more)));
        return fleet;
    }

    /** Nodes that share everything by a Redis. */
    static Fleet three() {
        return three(Map.of());
    }

    static Fleet three(Map<String, String> more) {
        var redis = RedisServer.start();
        var fleet = new Fleet(redis);
        for (String name : List.of("a", "b", "c")) {
            fleet.nodes.add(NodeProcess.start(sharing(name, redis, more)));
        }
        return fleet;
    }

    /** Two of them, with a setting of their own. */
    static Fleet two(String key, String value) {
        var redis = RedisServer.start();
        var fleet = new Fleet(redis);
        for (String name : List.of("a", "b")) {
            fleet.nodes.add(NodeProcess.start(sharing(name, redis, Map.of(key, value))));
        }
        return fleet;
    }

    private static NodeSettings sharing(String name, RedisServer redis, Map<String, String> more) {
        return settings(name, more)
                .with("backplane.type", "redis")
                .with("backplane.uri", redis.uri())
                .with("directory.type", "redis")
                .with("directory.uri", redis.uri())
                .with("log.type", "redis")
                .with("log.uri", redis.uri());
    }

    private static NodeSettings settings(String name, Map<String, String> more) {
        var set = new TreeMap<>(Map.of(
                "protocols.chat.enabled", "true",
                "protocols.centrifugal.insecure", "false",
                "namespaces", NAMESPACES));
        set.putAll(more);
        return new NodeSettings(name, "conformance", set, List.of());
    }

    int size() {
        return nodes.size();
    }

    /** With kill -9. */
    void kill(int node) {
        nodes.get(node).kill9();
        nodes.get(node).exitCode();
    }

    void killAll() {
        for (int node = 0; node < nodes.size(); node++) {
            kill(node);
        }
    }

    /** Each is a new incarnation, on the same port. */
    void startAll() {
        nodes.replaceAll(NodeProcess::startAgain);
    }

    /** What a method of the server API answers. */
    String call(int node, String method, String params) {
        var request = HttpRequest.newBuilder(URI.create(http(node) + "/api/" + method))
                .header("X-API-Key", KEY)
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(params))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As {@code http://127.0.0.1:8000}. */
    String http(int node) {
        return "http://127.0.0.1:" + nodes.get(node % nodes.size()).port();
    }

    String webSocket(int node) {
        return http(node).replaceFirst("^http", "ws") + "/connection/websocket";
    }

    /** Calls a method of the API; what it answers in full. */
    String api(int node, String method, String params) {
        var request = HttpRequest.newBuilder(URI.create(http(node) + "/api/" + method))
                .header("X-API-Key", KEY)
                .timeout(Await.PATIENCE)
                .POST(BodyPublishers.ofString(params))
                .build();
        try {
            String answer = HTTP.send(request, BodyHandlers.ofString()).body();
            if (!answer.startsWith("{\"result\":")) {
                throw new AssertionError(method + " " + params + " was answered " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to " + method, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + method, e);
        }
    }

    static String token(String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String body = base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return body + "." + base64.encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        if (redis != null) {
            redis.close();
        }
    }
}
