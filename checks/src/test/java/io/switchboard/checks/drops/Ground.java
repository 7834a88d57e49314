package io.switchboard.checks.drops;

import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Nodes that share everything by one Redis, with a namespace {@code drops} and one of a short history. */
final class Ground implements AutoCloseable {
    private static final String RULES = " subscribe=anyone publish=anyone recoverable=true positioned=true";
    private static final Map<String, String> SETTINGS = Map.of(
            "namespaces",
            "drops history_size=2000 history_ttl=120s" + RULES + ", brief history_size=20 history_ttl=120s" + RULES
                    + ", plain subscribe=anyone publish=anyone");

    private final RedisServer redis = RedisServer.start();
    private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();

    private Ground() {}

    static Ground of(int size) {
        return of(size, Map.of());
    }

    /** With other settings than Redis for everything. */
    static Ground of(int size, Map<String, String> other) {
        var ground = new Ground();
        for (int i = 0; i < size; i++) {
            var settings = new NodeSettings("n" + i, "conformance", SETTINGS, List.of("-Xmx1g"));
            for (String part : List.of("backplane", "directory", "log")) {
                settings = settings.with(part + ".type", "redis").with(part + ".uri", ground.redis.uri());
            }
            for (var setting : other.entrySet()) {
                settings = settings.with(setting.getKey(), setting.getValue());
            }
            ground.nodes.add(NodeProcess.start(settings));
        }
        return ground;
    }

    URI webSocket(int node) {
        return nodes.get(Math.floorMod(node, nodes.size())).uri("/connection/websocket");
    }

    String http(int node) {
        return "http://127.0.0.1:"
                + nodes.get(Math.floorMod(node, nodes.size())).port();
    }

    List<NodeProcess> nodes() {
        return nodes;
    }

    RedisServer redis() {
        return redis;
    }

    void kill(int node) {
        NodeProcess victim = nodes.get(node);
        victim.kill9();
        victim.exitCode();
    }

    void startAgain(int node) {
        nodes.set(node, nodes.get(node).startAgain());
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        redis.close();
    }
}
