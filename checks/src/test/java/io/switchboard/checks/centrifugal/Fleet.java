package io.switchboard.checks.centrifugal;

import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Nodes that know the namespaces of the preset conformance, and tokens for them. Here tokens count in full. */
final class Fleet implements AutoCloseable {
    static final String KEY = "test-api-key";
    static final String SECRET = "secret";

    private final @Nullable RedisServer redis;
    private final List<NodeProcess> nodes = new ArrayList<>();

    private Fleet(@Nullable RedisServer redis) {
        this.redis = redis;
    }

    static Fleet one() {
        var fleet = new Fleet(null);
        fleet.nodes.add(NodeProcess.start(settings("a")));
        return fleet;
    }

    /** Nodes that share everything by a Redis. */
    static Fleet three() {
        var redis = RedisServer.start();
        var fleet = new Fleet(redis);
        for (String name : List.of("a", "b", "c")) {
            fleet.nodes.add(NodeProcess.start(settings(name)
                    .with("backplane.type", "redis")
                    .with("backplane.uri", redis.uri())
                    .with("directory.type", "redis")
                    .with("directory.uri", redis.uri())
                    .with("log.type", "redis")
                    .with("log.uri", redis.uri())));
        }
        return fleet;
    }

    private static NodeSettings settings(String name) {
        return new NodeSettings(
                name,
                "conformance",
                Map.of("protocols.chat.enabled", "true", "protocols.centrifugal.insecure", "false"),
                List.of());
    }

    int size() {
        return nodes.size();
    }

    /** As {@code http://127.0.0.1:8000}. */
    String http(int node) {
        return "http://127.0.0.1:" + nodes.get(node % nodes.size()).port();
    }

    String webSocket(int node) {
        return http(node).replaceFirst("^http", "ws") + "/connection/websocket";
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
