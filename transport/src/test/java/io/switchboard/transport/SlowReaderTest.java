package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Limits;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Namespace;
import io.switchboard.transport.loop.NettyLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do not read for a while: what waits for them goes out when they do, as their namespace says. */
class SlowReaderTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int OUTLET = 256 << 10;
    private static final String PAD = " " + "x".repeat(16 << 10);

    private static RawClient narrow(TestServer server, String path) throws Exception {
        return narrow(server, path, 4 << 10);
    }

    private static RawClient narrow(TestServer server, String path, int kernelBytes) throws Exception {
        var socket = new Socket();
        socket.setReceiveBufferSize(kernelBytes);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        var client = new RawClient(socket);
        client.upgrade(path);
        return client;
    }

    private static Limits limits(int backlogBytes) {
        return TestServer.limits(32 << 10, OUTLET, LONG, LONG, LONG).with(limits -> {
            limits.backlogBytes = backlogBytes;
            limits.backlogTime = LONG;
        });
    }

    private static TestServer dropping(Namespace.Slow slow, int backlogBytes) {
        var all = new Namespace("all", Namespace.Access.ANYONE, Namespace.Access.ANYONE, Namespace.Scope.CLUSTER, slow);
        return TestServer.withNode(
                config -> config.withLimits(limits(backlogBytes)).withNamespaces(List.of(all)));
    }

    /** Says to everyone until so much waits for the slow one; returns how many messages that took. */
    private static int sayUntil(TestServer server, RawClient quick, String meter, long reached) throws Exception {
        int said = 0;
        while (server.meter(meter) < reached) {
            server.publish(Topic.ALL, said + PAD);
            quick.expectText(said + PAD);
            said++;
            assertTrue(said < 10_000, "never reached: " + meter);
        }
        return said;
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void whatWaitsBesideAFullOutletIsHeardInOrderAndOnce(NettyLoops.Kind kind) throws Exception {
        try (var server = TestServer.on(kind, limits(16 << 20));
                var quick = server.join("/t/1");
                var slow = narrow(server, "/t/2")) {
            int said = sayUntil(server, quick, "switchboard.backlog.bytes", 4 << 20);
            assertEquals(1, server.meter("switchboard.sessions.pressed"));
            long waiting = server.meter("switchboard.outlet.bytes");
            assertTrue(waiting > OUTLET / 2 && waiting < 2 * OUTLET, "waiting in the outlet: " + waiting);
            for (int i = 0; i < said; i++) {
                slow.expectText(i + PAD);
            }
            TestServer.await("nobody is pressed", () -> server.meter("switchboard.sessions.pressed") == 0);
            assertEquals(0, server.meter("switchboard.backlog.bytes"));
            TestServer.await("nothing waits", () -> server.meter("switchboard.outlet.bytes") == 0);
            server.publish(Topic.ALL, "after");
            slow.expectText("after");
        }
    }

    @Test
    void whoHearsTheNewestIsToldOfTheGap() throws Exception {
        try (var server = dropping(Namespace.Slow.DROP_OLDEST, OUTLET);
                var quick = server.join("/t/1");
                var slow = narrow(server, "/t/2")) {
            int said = sayUntil(server, quick, "switchboard.dropped", 50);
            int before = 0;
            String text = slow.read().text();
            while (!text.equals("gap")) {
                assertEquals(before++ + PAD, text);
                text = slow.read().text();
            }
            int dropped = (int) server.meter("switchboard.dropped");
            for (int i = before + dropped; i < said; i++) {
                slow.expectText(i + PAD);
            }
            assertEquals(0, server.meter("switchboard.closed.slow"));
            server.publish(Topic.ALL, "after");
            slow.expectText("after");
        }
    }

    @Test
    void aPressedClientThatGoesAwayLeavesNothing() throws Exception {
        try (var server = TestServer.with(limits(16 << 20));
                var quick = server.join("/t/1")) {
            var slow = narrow(server, "/t/2");
            sayUntil(server, quick, "switchboard.backlog.bytes", 1 << 20);
            slow.reset();
            server.awaitSessions(1);
            assertEquals(0, server.meter("switchboard.sessions.pressed"));
            assertEquals(0, server.meter("switchboard.backlog.bytes"));
            TestServer.await("nothing waits", () -> server.meter("switchboard.outlet.bytes") == 0);
        }
    }

    /** Far more than outlet and backlog hold: only because the sender is slowed does none of it get lost. */
    @Test
    void aSenderIsSlowedToThePaceOfItsOnlyListener() throws Exception {
        int messages = 1_500;
        var group = new Namespace("group", Namespace.Access.ANYONE, Namespace.Access.ANYONE, Namespace.Scope.CLUSTER);
        try (var server = TestServer.withNode(
                        config -> config.withLimits(limits(1 << 20)).withNamespaces(List.of(group)));
                var sender = server.join("/echo");
                var elsewhere = server.join("/echo");
                // Of two loops the first and the third connection share one, so nothing is under way between loops.
                var slow = narrow(server, "/echo", 64 << 10)) {
            elsewhere.text("here");
            elsewhere.expectText("here");
            slow.text("join g");
            slow.expectText("joined g");
            var sending = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < messages; i++) {
                        sender.text("pub g " + i + PAD);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < messages; i++) {
                slow.expectText(i + PAD);
                LockSupport.parkNanos(200_000);
            }
            sending.join();
            assertTrue(server.meter("switchboard.publishers.slowed") > 1);
            assertEquals(0, server.meter("switchboard.closed.slow"));
        }
    }

    /** It takes bytes all the time, and answers no ping: its answer would be behind what it has yet to take. */
    @Test
    void aSlowClientThatTakesBytesIsAliveAndOneThatStopsIsNot() throws Exception {
        Duration brief = Duration.ofMillis(400);
        Limits limits = TestServer.limits(32 << 10, 32 << 20, LONG, brief, brief);
        try (var server = TestServer.withNode(config -> config.withLimits(limits));
                var slow = narrow(server, "/t/2")) {
            for (int i = 0; i < 1_000; i++) {
                server.publish(Topic.ALL, i + PAD);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            int heard = 0;
            while (System.nanoTime() < end) {
                RawClient.Frame frame = slow.read();
                if (frame.opcode() != RawClient.PING) {
                    assertEquals(RawClient.TEXT, frame.opcode(), () -> "closed with " + frame.closeCode());
                    assertTrue(frame.text().startsWith(heard++ + " "));
                }
                LockSupport.parkNanos(5_000_000);
            }
            assertTrue(heard < 950, "the client was not slow: " + heard);
            assertEquals(1, server.node.hub().sessionCount());
            assertTrue(server.meter("switchboard.pings") > 0);
            // From here on it takes nothing.
            server.awaitSessions(0);
        }
    }
}
