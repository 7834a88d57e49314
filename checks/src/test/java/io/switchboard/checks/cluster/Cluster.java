package io.switchboard.checks.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * One Redis and the nodes A and B of the chat design on it, shared by the tests of a class. Clients opened here are
 * closed after each test; both nodes must have lived through it without a session left over, and what they logged is
 * added to a failure.
 */
public final class Cluster
        implements AfterEachCallback, AfterAllCallback, TestExecutionExceptionHandler, AutoCloseable {
    private static final AtomicInteger FENCES = new AtomicInteger();

    /** After an outage: back-off, connecting and subscribing included. */
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private final RedisServer redis;
    private final Queue<ChatClient> clients = new ConcurrentLinkedQueue<>();
    private NodeProcess nodeA;
    private NodeProcess nodeB;

    private Cluster(RedisServer redis, NodeProcess nodeA, NodeProcess nodeB) {
        this.redis = redis;
        this.nodeA = nodeA;
        this.nodeB = nodeB;
    }

    public static Cluster start() {
        return start(settings -> settings);
    }

    /** With other settings than the preset's. */
    public static Cluster start(UnaryOperator<NodeSettings> change) {
        var redis = RedisServer.start();
        // Here, not on the other threads: what was given may be of a class that waits for us to be initialized.
        var settingsA = change.apply(settings("A", redis));
        var settingsB = change.apply(settings("B", redis));
        var first = CompletableFuture.supplyAsync(() -> NodeProcess.start(settingsA));
        var second = CompletableFuture.supplyAsync(() -> NodeProcess.start(settingsB));
        try {
            return new Cluster(redis, first.join(), second.join());
        } catch (CompletionException e) {
            for (var node : List.of(first, second)) {
                node.handle((started, _failure) -> Optional.ofNullable(started))
                        .join()
                        .ifPresent(NodeProcess::close);
            }
            redis.close();
            throw new AssertionError("no cluster: " + e.getCause(), e.getCause());
        }
    }

    /** With little room, so that the collector comes by often and Netty notices what was never released. */
    private static NodeSettings settings(String name, RedisServer redis) {
        return NodeSettings.chat(name, redis.uri())
                .withJvmOptions("-Xmx256m", "-Dio.netty.leakDetection.level=paranoid");
    }

    public RedisServer redis() {
        return redis;
    }

    public NodeProcess nodeA() {
        return nodeA;
    }

    public NodeProcess nodeB() {
        return nodeB;
    }

    public List<NodeProcess> nodes() {
        return List.of(nodeA, nodeB);
    }

    /** Node A again, a new incarnation on the same port; the old one must have ended. */
    public void startAgainA() {
        nodeA = nodeA.startAgain();
    }

    // Clients

    /** A client of node A at a path such as {@code /chat/channel/anna}. */
    public ChatClient onA(String path) {
        return keep(ChatClient.connect(nodeA.uri(path), redis));
    }

    public ChatClient onB(String path) {
        return keep(ChatClient.connect(nodeB.uri(path), redis));
    }

    /** One that is to read slowly or not at all. */
    public ChatClient narrowOnA(String path) {
        return keep(ChatClient.connectNarrow(nodeA.uri(path)));
    }

    private ChatClient keep(ChatClient client) {
        clients.add(client);
        return client;
    }

    /**
     * Everything said until now has arrived, and the clients heard no more than they should: what is said now through
     * each of their channels must be the next they hear. The broker must be up.
     */
    public void verifyNothingMore(ChatClient... listeners) {
        var fence = ChatClient.FENCE + FENCES.incrementAndGet();
        var channels = new LinkedHashSet<String>();
        for (var listener : listeners) {
            channels.addAll(listener.channels());
        }
        channels.forEach(channel -> publish(channel, Chat.wire(channel, ChatClient.FENCE, fence)));
        for (var listener : listeners) {
            listener.awaitFences(fence);
            listener.connection().expectNothingMore();
        }
    }

    // The broker, as a foreign node sees it

    /** How many nodes got it. */
    public long publish(String channel, String payload) {
        try (var wire = redis.wire()) {
            return wire.publish(channel, payload);
        }
    }

    public long subscribers(String channel) {
        try (var wire = redis.wire()) {
            return wire.call("PUBSUB", "NUMSUB", channel).items().get(1).number();
        }
    }

    public void awaitSubscribers(String channel, long count) {
        Await.until(count + " subscribers of " + channel, () -> subscribers(channel), now -> now == count);
    }

    // The nodes, as their operators see them

    /** How many sessions a node has now. */
    public static int sessions(NodeProcess node) {
        return (int) node.metric("switchboard_sessions");
    }

    public static void awaitSessions(NodeProcess node, int count) {
        Await.until(
                count + " sessions on node " + node.name(),
                Duration.ofSeconds(30),
                () -> sessions(node),
                now -> now == count);
    }

    /** Until every node finds its link to the broker down. */
    public void awaitLinksDown() {
        awaitLinks(503);
    }

    /** Until every node has its link to the broker again. */
    public void awaitLinksUp() {
        awaitLinks(200);
    }

    private void awaitLinks(int status) {
        for (var node : nodes()) {
            Await.until(
                    status + " from /health/links of node " + node.name(),
                    RECOVERY,
                    () -> node.get("/health/links").status(),
                    now -> now == status);
        }
    }

    public void verifyNodesLive() {
        for (var node : nodes()) {
            assertTrue(node.alive(), () -> "node " + node.name() + " died" + node.report());
            assertEquals(200, node.get("/health/live").status(), () -> "node " + node.name() + " is not live");
            // What our own mistakes look like, and buffers that nobody released.
            assertFalse(node.errors().matches("(?s).*( ERROR |LEAK).*"), () -> "an error in the log" + node.report());
        }
    }

    // In the hands of JUnit

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        for (var node : nodes()) {
            failure.addSuppressed(new AssertionError("node " + node.name() + " said" + node.report()));
        }
        throw failure;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        clients.forEach(ChatClient::close);
        clients.clear();
        verifyNodesLive();
        nodes().forEach(node -> awaitSessions(node, 0));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        clients.forEach(ChatClient::close);
        nodeA.close();
        nodeB.close();
        redis.close();
    }
}
