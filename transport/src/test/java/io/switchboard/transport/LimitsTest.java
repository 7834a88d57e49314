package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Limits;
import io.switchboard.message.Topic;
import io.switchboard.transport.loop.NettyLoops;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are slow, silent or flooding: only they suffer. */
class LimitsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** A client whose kernel takes little for it. */
    private static RawClient narrow(TestServer server, String path) throws Exception {
        var socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        var client = new RawClient(socket);
        client.upgrade(path);
        return client;
    }

    private static Limits patient(int outletBytes) {
        return TestServer.limits(32 << 10, outletBytes, LONG, LONG, LONG).with(limits -> {
            limits.commandsPerSecond = 1_000_000;
            limits.closeTimeout = LONG;
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void slowReaderIsClosedAndTheOthersHearEverything(NettyLoops.Kind kind) throws Exception {
        try (var server = TestServer.on(kind, patient(256 << 10));
                var quick = server.join("/t/1");
                var slow = narrow(server, "/t/2")) {
            String message = "x".repeat(16 << 10);
            int sent = 0;
            while (server.meter("switchboard.closed.slow") == 0) {
                server.publish(Topic.ALL, sent + " " + message);
                quick.expectText(sent + " " + message);
                sent++;
                assertTrue(sent < 10_000, "the slow client is never closed");
            }
            // What was taken for it is sent in order, then the reason.
            int heard = 0;
            RawClient.Frame frame = slow.read();
            while (frame.opcode() == RawClient.TEXT) {
                assertTrue(frame.text().startsWith(heard + " "));
                heard++;
                frame = slow.read();
            }
            assertEquals(4008, frame.closeCode());
            assertTrue(heard < sent && heard > 10, heard + " of " + sent);
            slow.closeFrame(1000, "");
            slow.expectEnd();
            server.publish(Topic.ALL, "after");
            quick.expectText("after");
        }
    }

    @Test
    void slowReaderThatNeverWakesIsForgotten() throws Exception {
        Limits limits = TestServer.limits(32 << 10, 64 << 10, LONG, LONG, LONG);
        try (var server = TestServer.with(limits);
                var slow = narrow(server, "/t/2")) {
            while (server.meter("switchboard.closed.slow") == 0) {
                server.publish(Topic.ALL, "x".repeat(16 << 10));
            }
            server.awaitSessions(0);
            TestServer.await("closed", () -> server.meter("switchboard.websockets") == 0);
            assertTrue(slow.socket().isConnected());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void readerThatIsSlowForAWhileMissesNothing(NettyLoops.Kind kind) throws Exception {
        try (var server = TestServer.on(kind, patient(32 << 20));
                var slow = narrow(server, "/t/2")) {
            String message = "x".repeat(10_000);
            for (int i = 0; i < 1_500; i++) {
                server.publish(Topic.ALL, i + message);
            }
            for (int i = 0; i < 1_500; i++) {
                slow.expectText(i + message);
            }
        }
    }

    @Test
    void floodOfPingsTakesNoMemory() throws Exception {
        try (var server = TestServer.with(patient(64 << 10));
                var client = narrow(server, "/t/1")) {
            var pings = new ByteArrayOutputStream();
            int rounds = 2_000;
            int perRound = 100;
            for (int i = 0; i < perRound; i++) {
                pings.writeBytes(RawClient.frame(RawClient.PING, true, new byte[125]));
            }
            for (int i = 0; i < rounds; i++) {
                client.send(pings.toByteArray());
            }
            client.text("after the flood");
            int pongs = 0;
            RawClient.Frame frame = client.read();
            while (frame.opcode() == RawClient.PONG) {
                pongs++;
                frame = client.read();
            }
            assertEquals("after the flood", frame.text());
            assertTrue(pongs > 0 && pongs < rounds * perRound, pongs + " pongs");
        }
    }

    @Test
    void silentClientIsAskedAndOneThatDoesNotAnswerIsGone() throws Exception {
        Limits limits = TestServer.limits(1 << 10, 1 << 16, LONG, Duration.ofMillis(200), Duration.ofMillis(200));
        try (var server = TestServer.with(limits);
                var alive = server.join("/t/1");
                var dead = server.join("/t/2")) {
            for (int i = 0; i < 4; i++) {
                assertEquals(RawClient.PING, alive.read().opcode());
                alive.send(RawClient.frame(RawClient.PONG, true, new byte[0]));
            }
            assertEquals(RawClient.PING, dead.read().opcode());
            dead.expectClose(4011);
            dead.expectEnd();
            assertEquals(1, server.meter("switchboard.peers.dead"));
            server.awaitSessions(1);
            alive.text("here");
            RawClient.Frame frame = alive.read();
            assertEquals("here", frame.opcode() == RawClient.PING ? alive.read().text() : frame.text());
        }
    }

    @Test
    void whatIsCountedCanBeRead() throws Exception {
        try (var server = TestServer.start();
                var client = server.join("/t/1")) {
            client.text("one");
            client.expectText("one");
            assertEquals(1, server.meter("switchboard.connections.accepted"));
            assertEquals(1, server.meter("switchboard.frames.in"));
            assertEquals(6 + 3, server.meter("switchboard.bytes.in"));
            assertEquals(1, server.meter("switchboard.websockets"));
            assertEquals(0, server.meter("switchboard.connections.http"));
            client.closeFrame(1000, "");
            client.expectClose(1000);
            client.expectEnd();
            assertEquals(1, server.meter("switchboard.closes"));
        }
    }
}
