package io.switchboard.checks.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * One RocketMQ, one Redis for the directory, and nodes of the inbox design on them. Both must have lived through each
 * test without a session left over, and what they logged is added to a failure.
 */
public final class InboxCluster
        implements AfterEachCallback, AfterAllCallback, TestExecutionExceptionHandler, AutoCloseable {
    public static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final RocketServer rocket;
    private final RedisServer redis;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<WsClient> clients = new ArrayList<>();

    private InboxCluster(RocketServer rocket, RedisServer redis) {
        this.rocket = rocket;
        this.redis = redis;
    }

    /** With the nodes {@code nodeA} and {@code nodeB}. */
    public static InboxCluster start(UnaryOperator<NodeSettings> change) {
        return start(List.of("nodeA", "nodeB"), change);
    }

    public static InboxCluster start(List<String> names, UnaryOperator<NodeSettings> change) {
        var cluster = new InboxCluster(RocketServer.start(), RedisServer.start());
        try {
            var starting = names.stream()
                    .map(name -> change.apply(cluster.settings(name)))
                    .map(settings -> CompletableFuture.supplyAsync(() -> cluster.add(NodeProcess.start(settings))))
                    .toList();
            starting.forEach(CompletableFuture::join);
            return cluster;
        } catch (CompletionException e) {
            cluster.close();
            throw new AssertionError("no cluster: " + e.getCause(), e.getCause());
        }
    }

    private synchronized boolean add(NodeProcess node) {
        return nodes.add(node);
    }

    private NodeSettings settings(String name) {
        return new NodeSettings(
                        name,
                        "inbox-rocketmq",
                        Map.of(
                                "backplane.uri",
                                rocket.uri(),
                                "directory.type",
                                "redis",
                                "directory.uri",
                                redis.uri(),
                                "directory.lease",
                                LEASE.toSeconds() + "s"),
                        List.of())
                .withJvmOptions("-Xmx256m", "-Dio.netty.leakDetection.level=paranoid");
    }

    public RocketServer rocket() {
        return rocket;
    }

    public RedisServer redis() {
        return redis;
    }

    public synchronized NodeProcess node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public NodeProcess nodeA() {
        return node("nodeA");
    }

    public NodeProcess nodeB() {
        return node("nodeB");
    }

    public synchronized List<NodeProcess> nodes() {
        return List.copyOf(nodes);
    }

    /** A new incarnation on the same port; the old one must have ended. */
    public void startAgain(String name) {
        var ended = node(name);
        var again = ended.startAgain();
        synchronized (this) {
            nodes.set(nodes.indexOf(ended), again);
        }
    }

    /** A client of node A, closed after the test. */
    public WsClient onA(String path) {
        return on("nodeA", path);
    }

    public WsClient onB(String path) {
        return on("nodeB", path);
    }

    public synchronized WsClient on(String node, String path) {
        var client = WsClient.connect(node(node).uri(path));
        clients.add(client);
        return client;
    }

    /** The fields of a user's claims in the directory. */
    public List<String> claims(String user) {
        try (var wire = redis.wire()) {
            return wire.call("HKEYS", "switchboard:{u:" + user + "}").items().stream()
                    .map(reply -> reply.text())
                    .filter(field -> !field.equals("@"))
                    .toList();
        }
    }

    /** Until every node counts the others as live. */
    public void awaitOthers() {
        var all = nodes();
        all.forEach(node -> Await.until(
                "node " + node.name() + " to count the others",
                RECOVERY,
                () -> node.metric("switchboard_directory_nodes"),
                count -> count == all.size() - 1));
    }

    /** Until every node finds its link to the broker so. */
    public void awaitLinks(boolean up) {
        for (var node : nodes()) {
            Await.until(
                    "node " + node.name() + " to be " + (up ? "linked" : "without link"),
                    RECOVERY,
                    () -> node.get("/health/links").status(),
                    now -> now == (up ? 200 : 503));
        }
    }

    public double sum(String metric) {
        return nodes().stream().mapToDouble(node -> node.metric(metric)).sum();
    }

    public void awaitEmpty() {
        Await.until("the nodes to be empty", RECOVERY, () -> sum("switchboard_sessions"), sessions -> sessions == 0);
    }

    private void verifyNodesLive() {
        for (var node : nodes()) {
            assertTrue(node.alive(), () -> "node " + node.name() + " died" + node.report());
            assertEquals(200, node.get("/health/live").status(), () -> "node " + node.name() + " is not live");
            assertFalse(node.errors().matches("(?s).*( ERROR |LEAK).*"), () -> "an error in the log" + node.report());
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        for (var node : nodes()) {
            failure.addSuppressed(new AssertionError("node " + node.name() + " said" + node.report()));
        }
        throw failure;
    }

    private synchronized void closeClients() {
        clients.forEach(WsClient::close);
        clients.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeClients();
        verifyNodesLive();
        awaitEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        closeClients();
        nodes().forEach(NodeProcess::close);
        redis.close();
        rocket.close();
    }
}
