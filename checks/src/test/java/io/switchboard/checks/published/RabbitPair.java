package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.checks.components.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Two node processes of a preset on a real RabbitMQ, with their directory in a real Redis. */
public final class RabbitPair implements AutoCloseable {
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final String KEY = "secret";

    private NodeProcess nodeA;
    private NodeProcess nodeB;

    private RabbitPair(NodeProcess nodeA, NodeProcess nodeB) {
        this.nodeA = nodeA;
        this.nodeB = nodeB;
    }

    public static RabbitPair start(
            RabbitServer rabbit, RedisServer store, String preset, UnaryOperator<NodeSettings> change) {
        var nodes = Stream.of("A", "B")
                .map(name -> NodeSettings.of(name, preset)
                        .with("backplane.uri", rabbit.uri())
                        .with("directory.type", "redis")
                        .with("directory.uri", store.uri())
                        .with("cluster.name", preset)
                        .with("api.key", KEY)
                        .withJvmOptions("-Xmx128m"))
                .map(change)
                .map(settings -> CompletableFuture.supplyAsync(() -> NodeProcess.start(settings)))
                .toList();
        return new RabbitPair(nodes.get(0).join(), nodes.get(1).join());
    }

    public NodeProcess nodeA() {
        return nodeA;
    }

    public NodeProcess nodeB() {
        return nodeB;
    }

    public List<NodeProcess> all() {
        return List.of(nodeA, nodeB);
    }

    public WsClient onA(String path) {
        return WsClient.connect(nodeA.uri(path));
    }

    public WsClient onB(String path) {
        return WsClient.connect(nodeB.uri(path));
    }

    /** Node B again, a new incarnation on the same port; the old one must have ended. */
    public void startAgainB() {
        nodeB = nodeB.startAgain();
    }

    /** Pushes data over HTTP; {@code to} is {@code sign=…}, {@code identity=…} or {@code to=everybody}. */
    public static HttpAnswer push(NodeProcess from, String to, String data) {
        var bytes = data.getBytes(StandardCharsets.UTF_8);
        var answer = WsClient.ask(Handshake.to("127.0.0.1", from.port(), "/api/sign/push?" + to)
                .plain()
                .withMethod("POST")
                .with("Authorization", "Bearer " + KEY)
                .with("Content-Length", "" + bytes.length)
                .followedBy(bytes));
        assertEquals(200, answer.status(), answer::toString);
        return answer;
    }

    public void awaitEmpty() {
        all().forEach(node -> Await.until(
                "node " + node.name() + " to be empty",
                () -> node.metric("switchboard_sessions"),
                count -> count == 0));
    }

    /** Until every node finds its links up, or down. */
    public void awaitLinks(boolean up) {
        all().forEach(node -> Await.until(
                "the links of node " + node.name(),
                RECOVERY,
                () -> node.get("/health/links").status(),
                now -> now == (up ? 200 : 503)));
    }

    public void verifyLive() {
        all().forEach(node -> assertTrue(node.alive(), node::report));
    }

    @Override
    public void close() {
        all().forEach(NodeProcess::close);
    }
}
