package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisMonitor;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.checks.components.Traffic;
import java.util.List;

/** What vectors are played on: one Redis, the nodes A and B, and a monitor that sees the traffic between them. */
final class Stage implements AutoCloseable {
    private final RedisServer redis;
    private NodeProcess nodeA;
    private NodeProcess nodeB;
    private RedisWire wire;
    private RedisMonitor monitor;

    private Stage(RedisServer redis) {
        this.redis = redis;
        this.nodeA = NodeProcess.start(NodeSettings.chat("A", redis.uri()));
        this.nodeB = NodeProcess.start(NodeSettings.chat("B", redis.uri()));
        this.wire = redis.wire();
        this.monitor = redis.monitor();
    }

    static Stage open() {
        return new Stage(RedisServer.start());
    }

    NodeProcess node(String name) {
        return switch (name) {
            case "A", "" -> nodeA;
            case "B" -> nodeB;
            default -> throw new IllegalArgumentException("vectors know the nodes A and B, not " + name);
        };
    }

    /** A third node that wants an Origin, as the published Go node does. */
    NodeProcess nodeThatWantsOrigin() {
        return NodeProcess.start(NodeSettings.chat("O", redis.uri()).with("http.origin_required", "true"));
    }

    void replaceNodes() {
        nodeA.close();
        nodeB.close();
        nodeA = NodeProcess.start(NodeSettings.chat("A", redis.uri()));
        nodeB = NodeProcess.start(NodeSettings.chat("B", redis.uri()));
        monitor.clear();
    }

    /** Until nobody listens on a published channel any more, so that a vector begins as on new nodes. */
    void awaitSilence() {
        Await.until("the nodes to unsubscribe", this::subscribedChannels, List::isEmpty);
        monitor.clear();
    }

    private List<String> subscribedChannels() {
        return wire.call("PUBSUB", "CHANNELS").items().stream()
                .map(reply -> reply.text())
                .filter(Stage::isPublished)
                .toList();
    }

    private static boolean isPublished(String channel) {
        return channel.startsWith("user:") || channel.startsWith("group:") || channel.equals("all");
    }

    long subscribers(String channel) {
        return wire.call("PUBSUB", "NUMSUB", channel).items().get(1).number();
    }

    /** As a foreign node would; not part of {@link #traffic()}. */
    void publish(String channel, String payload) {
        wire.publish(channel, payload);
    }

    /** What the nodes did on the published channels since the last {@link #forgetTraffic()}. */
    List<Traffic> traffic() {
        var own = wire.localAddress();
        return monitor.traffic(Stage::isPublished, client -> !client.equals(own));
    }

    void forgetTraffic() {
        monitor.clear();
    }

    boolean redisRuns() {
        return redis.alive();
    }

    void stopRedis() {
        monitor.close();
        wire.close();
        redis.stop();
    }

    void startRedis() {
        redis.restart();
        wire = redis.wire();
        monitor = redis.monitor();
    }

    /** Whatever was put in, both nodes must have lived through it. */
    void verifyNodesLive() {
        for (var node : List.of(nodeA, nodeB)) {
            assertTrue(node.alive(), () -> "node " + node.name() + " died" + node.report());
            assertEquals(200, node.get("/health/live").status(), () -> "node " + node.name() + " is not live");
        }
    }

    @Override
    public void close() {
        monitor.close();
        wire.close();
        nodeA.close();
        nodeB.close();
        redis.close();
    }
}
