package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.Line;
import io.switchboard.checks.client.Stamp;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients and nodes end in every way there is, and nobody else notices. */
@Tag("component")
@Tag("node")
class KillTest {
    private static final int TALKERS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void clientsThatEndInAnyWayDisturbNobody() throws IOException {
        try (var cluster = Cluster.start(
                        settings -> settings.with("limits.ping_interval", "2s").with("limits.pong_timeout", "3s"));
                var talkers = Crowd.connect(talkers(cluster.nodeA(), cluster.nodeB()))) {
            var talk = talkers.begin(rounds(0, 35), 100);
            var held = new ArrayList<ChatClient>();
            for (var node : cluster.nodes()) {
                endInEveryWay(node, held);
            }
            talk.join();
            awaitHeard(talkers, 35);
            for (var node : cluster.nodes()) {
                Cluster.awaitSessions(node, TALKERS / 2);
                assertTrue(node.metric("switchboard_peers_dead_total") >= 2, "the silent ones are noticed by a ping");
            }
            cluster.verifyNodesLive();
            held.forEach(ChatClient::close);
        }
    }

    private static void endInEveryWay(NodeProcess node, List<ChatClient> held) throws IOException {
        ChatClient.connect(node.uri("/chat/channel/reset")).join("kill").abort();
        ChatClient.connect(node.uri("/chat/channel/closed")).join("kill").close();
        var left = ChatClient.connect(node.uri("/chat/channel/left")).join("kill");
        left.connection().send(Frame.close(1000, ""));
        left.connection().awaitEnd();
        left.close();

        var halfClosed =
                ChatClient.connect(node.uri("/chat/channel/half-closed")).join("kill");
        halfClosed.connection().endSending();
        halfClosed.connection().awaitEnd();
        halfClosed.close();

        var garbled = ChatClient.connect(node.uri("/chat/channel/garbled")).join("kill");
        garbled.connection().sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        garbled.connection().awaitEnd();
        garbled.close();

        killProcess(node);
        halfRequests(node);

        var halfFrame = ChatClient.connect(node.uri("/chat/channel/half-frame")).join("kill");
        halfFrame.connection().sendRaw(new byte[] {(byte) 0x81, (byte) 0xFE, 0x01});
        held.add(halfFrame);
        held.add(ChatClient.connectNarrow(node.uri("/chat/group/kill/stalled")));
    }

    /** A client that is a process of its own, so that the kernel ends its connection. */
    private static void killProcess(NodeProcess node) throws IOException {
        double before = node.metric("switchboard_admitted_total");
        var script = "exec 3<>/dev/tcp/127.0.0.1/" + node.port()
                + "; printf 'GET /chat/group/kill/process HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\n"
                + "Connection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"
                + "Sec-WebSocket-Key: c3dpdGNoYm9hcmQga2V5IQ==\\r\\n\\r\\n' >&3; exec cat <&3";
        var process = new ProcessBuilder("bash", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Await.until(
                    "the process to be a client",
                    () -> node.metric("switchboard_admitted_total"),
                    admitted -> admitted > before);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Those that end before they are clients. */
    private static void halfRequests(NodeProcess node) {
        try {
            for (boolean reset : new boolean[] {true, false}) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
                    socket.getOutputStream()
                            .write("GET /chat/group/kill/half HTTP/1.1\r\nHo".getBytes(StandardCharsets.UTF_8));
                    socket.setSoLinger(reset, 0);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void killedNodeTakesOnlyItsOwnClientsWithIt() {
        try (var cluster = Cluster.start();
                var onB = Crowd.connect(talkers(cluster.nodeB(), cluster.nodeB()))) {
            try (var onA = Crowd.connect(List.of(
                    cluster.nodeA().uri("/chat/group/kill/a0"), cluster.nodeA().uri("/chat/group/kill/a1")))) {
                var talk = onB.begin(rounds(0, 20), 200);
                onA.awaitMessages(100, PATIENCE);
                cluster.nodeA().kill9();
                Await.until("the clients of the killed node to notice", onA::endings, ended -> ended.size() == 2);
                talk.join();
            }
            awaitHeard(onB, 20);

            cluster.startAgainA();
            try (var back = Crowd.connect(List.of(cluster.nodeA().uri("/chat/group/kill/a0")))) {
                onB.say(rounds(20, 5), 1_000);
                awaitHeard(onB, 25);
                Await.until("all of it on the new node", back::messages, count -> count == 5 * TALKERS);
                assertEquals(5, back.ledger(0).heard(stream(0)));
            }
        }
    }

    @Test
    void stoppedNodeSeesItsClientsOffAndExitsWithZero() {
        try (var cluster = Cluster.start(settings -> settings.with("limits.drain_time", "10s"));
                var onA = Crowd.connect(talkers(cluster.nodeA(), cluster.nodeA()))) {
            var ben = cluster.onB("/chat/channel/ben");
            var cleo = cluster.onB("/chat/channel/cleo");
            cluster.nodeA().term();
            assertEquals(0, cluster.nodeA().exitCode(), cluster.nodeA()::report);
            assertFalse(cluster.nodeA().errors().contains("did not leave in time"), cluster.nodeA()::report);
            var ended = Await.until("everybody to be told", onA::endings, endings -> endings.size() == TALKERS);
            ended.forEach((member, how) -> assertTrue(how.startsWith("closed with 1001"), member + " " + how));
            ben.sayTo("cleo", "nothing happened here");
            cleo.hearsOne("ben", "nothing happened here");
        }
    }

    @Test
    void stoppedNodeDoesNotWaitForeverForThoseWhoDoNotLeave() throws IOException {
        try (var cluster = Cluster.start(
                settings -> settings.with("limits.drain_time", "3s").with("limits.close_timeout", "10m"))) {
            var silent = cluster.onA("/chat/channel/silent");
            var stalled = cluster.narrowOnA("/chat/channel/stalled");
            try (var waiting =
                    new Socket(InetAddress.getLoopbackAddress(), cluster.nodeA().port())) {
                waiting.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
                cluster.nodeA().term();
                assertEquals(0, cluster.nodeA().exitCode(), cluster.nodeA()::report);
                assertTrue(cluster.nodeA().errors().contains("did not leave in time"), cluster.nodeA()::report);
            }
            silent.awaitClose(1001);
            stalled.close();
        }
    }

    /** Nor for the broker, when that is gone as well. */
    @Test
    void stoppedNodeWithoutRedisEndsInTime() {
        try (var cluster = Cluster.start(settings -> settings.with("limits.drain_time", "5s"));
                var onA = Crowd.connect(talkers(cluster.nodeA(), cluster.nodeA()))) {
            cluster.redis().kill9();
            cluster.nodeA().term();
            assertEquals(0, cluster.nodeA().exitCode(), cluster.nodeA()::report);
            assertFalse(cluster.nodeA().errors().contains("did not leave in time"), cluster.nodeA()::report);
            Await.until("everybody to be told", onA::endings, endings -> endings.size() == TALKERS)
                    .forEach((member, how) -> assertTrue(how.startsWith("closed with 1001"), member + " " + how));
        }
    }

    @Test
    void secondTermEndsTheNodeAtOnce() {
        try (var cluster = Cluster.start(settings -> settings.with("limits.drain_time", "10m"));
                var onA = Crowd.connect(many(cluster.nodeA(), 300))) {
            cluster.nodeA().term();
            Await.until("the first to be seen off", onA::endings, endings -> !endings.isEmpty());
            var late = WsClient.ask(Handshake.to(cluster.nodeA().uri("/chat/channel/late")));
            assertEquals(503, late.status(), "a stopping node takes nobody new");
            cluster.nodeA().term();
            assertEquals(1, cluster.nodeA().exitCode(), cluster.nodeA()::report);
            assertTrue(cluster.nodeB().alive());
        }
    }

    private static List<URI> many(NodeProcess node, int count) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < count; i++) {
            addresses.add(node.uri("/chat/channel/many" + i));
        }
        return addresses;
    }

    /** Members of one group, in turn on the one node and the other. */
    private static List<URI> talkers(NodeProcess one, NodeProcess other) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < TALKERS; i++) {
            addresses.add((i % 2 == 0 ? one : other).uri("/chat/group/kill/t" + i));
        }
        return addresses;
    }

    private static List<Line> rounds(int firstNumber, int count) {
        var lines = new ArrayList<Line>();
        for (int number = firstNumber; number < firstNumber + count; number++) {
            for (int i = 0; i < TALKERS; i++) {
                lines.add(new Line(i, Stamp.of("group:kill", "t" + i, number).text()));
            }
        }
        return lines;
    }

    private static String stream(int talker) {
        return Stamp.stream("group:kill", "t" + talker);
    }

    /** Everybody has heard everybody else, and nobody was disconnected. */
    private static void awaitHeard(Crowd talkers, int rounds) {
        var expected = new HashMap<Integer, Map<String, Integer>>();
        for (int i = 0; i < TALKERS; i++) {
            var others = new HashMap<String, Integer>();
            for (int other = 0; other < TALKERS; other++) {
                if (other != i) {
                    others.put(stream(other), rounds);
                }
            }
            expected.put(i, others);
        }
        Await.until("nothing lost, nothing twice", PATIENCE, () -> talkers.differences(expected), List::isEmpty);
        assertEquals(Map.of(), talkers.endings());
    }
}
