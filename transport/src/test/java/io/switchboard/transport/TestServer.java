package io.switchboard.transport;

import io.switchboard.hub.Limits;
import io.switchboard.hub.Outcome;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.node.NodeConfig;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.HttpRoutes;
import io.switchboard.transport.loop.NettyLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A node that is alone, open on a free port of loopback. */
final class TestServer implements AutoCloseable {
    static final List<Endpoint<?>> ENDPOINTS = List.of(
            new TextEndpoint("text", "/t/{user}"),
            new TextEndpoint("plain", "/echo"),
            new ChoosyEndpoint(),
            new LineEndpoint("/lines/{user}", StreamEndpoint.Form.LINES, Set.of("POST")),
            new LineEndpoint("/events/{user}", StreamEndpoint.Form.EVENTS, Set.of("GET", "POST")));

    private static final long POLL_NANOS = 200_000;

    private final NettyLoops loops;
    final Node node;
    final WebSocketServer server;

    private TestServer(
            NettyLoops.Kind kind,
            UnaryOperator<NodeConfig> node,
            UnaryOperator<ServerSettings> settings,
            List<HttpRoute> routes) {
        loops = new NettyLoops(2, kind);
        NodeConfig config = node.apply(NodeConfig.named("a").withLoops(loops.all()));
        this.node = Node.start(config);
        ServerSettings all = settings.apply(ServerSettings.on("127.0.0.1", 0).withLimits(config.limits()));
        server =
                new WebSocketServer(this.node.hub(), ENDPOINTS, loops, all, new HttpRoutes(routes), this.node.meters());
    }

    static TestServer start() {
        return with(Limits.DEFAULT);
    }

    static TestServer with(Limits limits) {
        return on(NettyLoops.Kind.AUTO, limits);
    }

    static TestServer on(NettyLoops.Kind kind, Limits limits) {
        return new TestServer(kind, config -> config.withLimits(limits), UnaryOperator.identity(), List.of());
    }

    static TestServer with(UnaryOperator<ServerSettings> settings) {
        return new TestServer(NettyLoops.Kind.AUTO, UnaryOperator.identity(), settings, List.of());
    }

    static TestServer with(UnaryOperator<NodeConfig> config, UnaryOperator<ServerSettings> settings) {
        return new TestServer(NettyLoops.Kind.AUTO, config, settings, List.of());
    }

    static TestServer with(Limits limits, List<HttpRoute> routes) {
        return new TestServer(
                NettyLoops.Kind.AUTO, config -> config.withLimits(limits), UnaryOperator.identity(), routes);
    }

    static TestServer withNode(UnaryOperator<NodeConfig> config) {
        return new TestServer(NettyLoops.Kind.AUTO, config, UnaryOperator.identity(), List.of());
    }

    int port() {
        return server.port();
    }

    RawClient connect() throws IOException {
        return new RawClient(port());
    }

    /** A client that has its handshake behind it. */
    RawClient join(String path) throws IOException {
        RawClient client = connect();
        client.upgrade(path);
        return client;
    }

    Outcome publish(Topic topic, String text) {
        return node.publish(topic, Message.text(text)).toCompletableFuture().join();
    }

    /** The sum of a meter, over all its labels. */
    long meter(String name) {
        return node.meters().sum(name);
    }

    /** Waits until a state is reached that nobody tells of. */
    static void await(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached in time: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    void awaitSessions(long count) {
        await(count + " sessions", () -> node.hub().sessionCount() == count);
    }

    /** Limits with short deadlines, for tests of them. */
    static Limits limits(int messageBytes, int outletBytes, Duration handshake, Duration ping, Duration pong) {
        return Limits.DEFAULT.with(limits -> {
            limits.messageBytes = messageBytes;
            limits.outletBytes = outletBytes;
            limits.backlogBytes = outletBytes;
            limits.headerBytes = 2 << 10;
            limits.bodyBytes = 4 << 10;
            limits.handshake = handshake;
            limits.pingInterval = ping;
            limits.pongTimeout = pong;
            limits.closeTimeout = Duration.ofMillis(500);
        });
    }

    @Override
    public void close() {
        server.close();
        node.close();
        loops.close();
    }
}
