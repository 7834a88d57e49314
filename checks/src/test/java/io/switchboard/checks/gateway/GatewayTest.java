package io.switchboard.checks.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.GatewayProcess;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.vectors.GatewayVector;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes behind the real gateway, listed by hand, whose own time-outs are set as low as they go. */
@Tag("component")
@Tag("node")
class GatewayTest {
    private static final int CLIENTS = 200;
    private static final int LIMIT = 1 << 20;

    private static NodeProcess nodeA = NodeProcess.start(settings("A"));
    private static final NodeProcess NODE_B = NodeProcess.start(settings("B"));
    private static final GatewayProcess GATEWAY = GatewayProcess.start(Map.of(
            "switchboard.gateway.nodes", "127.0.0.1:" + nodeA.port() + ",127.0.0.1:" + NODE_B.port(),
            "switchboard.gateway.refresh", "200ms",
            // Also how long a client may take, when everybody connects at once, until it has asked for something.
            "server.netty.idle-timeout", "3s",
            "spring.cloud.gateway.server.webflux.httpclient.response-timeout", "1s",
            "spring.cloud.gateway.server.webflux.httpclient.pool.max-idle-time", "1s",
            "spring.cloud.gateway.server.webflux.httpclient.pool.max-life-time", "1s",
            "spring.cloud.gateway.server.webflux.httpclient.pool.eviction-interval", "200ms"));

    /** Alone, without a broker: what is looked at here is the way between client and node. */
    private static NodeSettings settings(String name) {
        return new NodeSettings(
                name,
                "chat-redis",
                Map.of(
                        "api.key", GatewayVector.KEY,
                        "backplane.type", "none",
                        "backplane.format", "native",
                        "protocols.inbox.enabled", "true",
                        "protocols.inbox.path", "/ws",
                        "discovery.type", "static",
                        "discovery.notice", "2s",
                        "limits.drain_time", "8s"),
                List.of("-Xmx256m"));
    }

    @AfterEach
    void nobodyIsLeft() {
        Cluster.awaitSessions(nodeA, 0);
        Cluster.awaitSessions(NODE_B, 0);
        assertFalse(GATEWAY.printed("LEAK"), GATEWAY::report);
    }

    @AfterAll
    static void closeAll() {
        GATEWAY.close();
        nodeA.close();
        NODE_B.close();
    }

    @Test
    void thePublishedRouteIsThere() {
        GATEWAY.awaitNodes(nodeA, NODE_B);
        GatewayVector.read().play(GATEWAY, List.of(nodeA, NODE_B));
    }

    @Test
    void framesOfEverySizeUpToTheLimitPassBothWays() {
        var random = new Random(1);
        try (var client = WsClient.connect(GATEWAY.uri("/ws"))) {
            for (int size : List.of(1, 125, 126, 4_096, 65_535, 65_536, 65_537, 500_000, LIMIT)) {
                var bytes = new byte[size];
                random.nextBytes(bytes);
                client.send(Frame.binary(bytes));
                assertArrayEquals(bytes, message(client, Frame.BINARY), () -> "binary of " + size);
                var text = "x".repeat(size);
                client.sendText(text);
                assertEquals(text, new String(message(client, Frame.TEXT), StandardCharsets.UTF_8));
            }
            client.leave();
        }
    }

    private static byte[] message(WsClient client, int opcode) {
        var bytes = new ByteArrayOutputStream();
        var frame = client.receive();
        assertEquals(opcode, frame.opcode(), frame::toString);
        bytes.writeBytes(frame.bytes());
        while (!frame.fin()) {
            frame = client.receive();
            assertEquals(Frame.CONTINUATION, frame.opcode());
            bytes.writeBytes(frame.bytes());
        }
        return bytes.toByteArray();
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedByTheNodeInItsOwnWords() {
        try (var client = WsClient.connect(GATEWAY.uri("/ws"));
                var direct = WsClient.connect(NODE_B.uri("/ws"))) {
            client.sendText("x".repeat(LIMIT + 1));
            direct.sendText("x".repeat(LIMIT + 1));
            assertEquals(direct.awaitClose(1009), client.awaitClose(1009));
        }
    }

    @Test
    void idleForLongerThanTheTimeOutsOfTheGateway() {
        try (var client = WsClient.connect(GATEWAY.uri("/ws"))) {
            assertTrue(client.receive(Duration.ofSeconds(5)).isEmpty(), "nothing was to come");
            client.sendText("still there");
            client.awaitText("still there");
            client.leave();
        }
    }

    @Test
    void subProtocolsAreEchoed() {
        for (var offered : List.of("stomp", "v1.chat, v2.chat")) {
            try (var direct = WsClient.connect(
                            Handshake.to(NODE_B.uri("/ws/1")).with("Sec-WebSocket-Protocol", offered));
                    var client = WsClient.connect(
                            Handshake.to(GATEWAY.uri("/ws/2")).with("Sec-WebSocket-Protocol", offered))) {
                assertEquals(
                        direct.answer().header("Sec-WebSocket-Protocol"),
                        client.answer().header("Sec-WebSocket-Protocol"));
                assertTrue(offered.startsWith(client.answer().header("Sec-WebSocket-Protocol")));
                client.leave();
                direct.leave();
            }
        }
    }

    @Test
    void codeAndReasonOfACloseArePassedBothWays() {
        try (var client = WsClient.connect(GATEWAY.uri("/chat/user/anna"))) {
            awaitAll(1);
            try (var directA = WsClient.connect(nodeA.uri("/chat/user/anna"));
                    var directB = WsClient.connect(NODE_B.uri("/chat/user/anna"))) {
                assertFalse(client.awaitClose(4001).isEmpty());
                directA.leave();
                directB.leave();
            }
        }
        try (var client = WsClient.connect(GATEWAY.uri("/ws"))) {
            client.send(Frame.close(4321, "my own reasons"));
            assertEquals("my own reasons", client.awaitClose(4321));
        }
    }

    @Test
    void aClientThatVanishesIsMissedAtOnce() {
        WsClient.connect(GATEWAY.uri("/ws")).abort();
        Cluster.awaitSessions(nodeA, 0);
        Cluster.awaitSessions(NODE_B, 0);
    }

    @Test
    void theNodeWithTheFewestConnectionsWins() {
        try (var before = Crowd.connect(users(nodeA.uri("/chat/channel/before"), 30))) {
            // Of two nodes alike they would come in turn.
            Await.until(
                    "the gateway to know that A is full",
                    () -> IntStream.range(0, 3).allMatch(_probe -> arrivesOnB()));
            try (var after = Crowd.connect(users(GATEWAY.uri("/chat/channel/after"), 15))) {
                Await.until(
                        "all of them to be on B",
                        () -> List.of(Cluster.sessions(nodeA), Cluster.sessions(NODE_B), after.endings()),
                        List.of(30, 15, Map.of())::equals);
            }
            assertEquals(Map.of(), before.endings());
        }
    }

    private static boolean arrivesOnB() {
        try (var probe = WsClient.connect(GATEWAY.uri("/ws"))) {
            probe.sendText("arrived");
            probe.awaitText("arrived");
            boolean arrived = Cluster.sessions(NODE_B) == 1;
            probe.leave();
            return arrived;
        } finally {
            Cluster.awaitSessions(NODE_B, 0);
        }
    }

    /** The gateway says yes to a client before the node has it. */
    private static void awaitAll(int clients) {
        Await.until(
                clients + " clients to have arrived",
                () -> Cluster.sessions(nodeA) + Cluster.sessions(NODE_B),
                sum -> sum == clients);
    }

    @Test
    void aStoppedNodeHandsItsClientsOver() {
        GATEWAY.awaitNodes(nodeA, NODE_B);
        var addresses = users(GATEWAY.uri("/chat/channel/u"), CLIENTS);
        try (var crowd = Crowd.connect(addresses)) {
            awaitAll(CLIENTS);
            int onA = Cluster.sessions(nodeA);
            assertTrue(onA >= CLIENTS * 2 / 5 && onA <= CLIENTS * 3 / 5, () -> onA + " of " + CLIENTS + " are on A");

            nodeA.term();
            // A serves on while the gateway notices, so that nobody is sent to a node that refuses.
            GATEWAY.awaitNodes(NODE_B);
            assertEquals(Map.of(), crowd.endings());
            crowd.join(users(GATEWAY.uri("/chat/channel/new"), 20));
            Cluster.awaitSessions(NODE_B, CLIENTS - onA + 20);

            Await.until("those on A to be told", () -> crowd.endings().size(), ended -> ended == onA);
            crowd.endings().values().forEach(ending -> assertTrue(ending.contains("1001"), ending));
            crowd.join(users(GATEWAY.uri("/chat/channel/again"), onA));
            Cluster.awaitSessions(NODE_B, CLIENTS + 20);
            assertEquals(0, nodeA.exitCode());
        } finally {
            startAgainA();
        }
    }

    private static void startAgainA() {
        if (nodeA.alive()) {
            nodeA.kill9();
        }
        nodeA = nodeA.startAgain();
        GATEWAY.awaitNodes(nodeA, NODE_B);
    }

    @Test
    void aKilledNodeIsPassedOverAtOnce() {
        GATEWAY.awaitNodes(nodeA, NODE_B);
        nodeA.kill9();
        var clients = new ArrayList<WsClient>();
        for (int i = 0; i < 10; i++) {
            var client = WsClient.connect(GATEWAY.uri("/ws"));
            client.sendText("hello " + i);
            client.awaitText("hello " + i);
            clients.add(client);
        }
        clients.forEach(WsClient::leave);
        GATEWAY.awaitNodes(NODE_B);
        startAgainA();
    }

    @Test
    void whatANodeRefusesIsNotTriedElsewhere() {
        try (var client = WsClient.connect(GATEWAY.uri("/no/such/path"))) {
            // The gateway says yes before it asks the node: a limit of its design.
            assertEquals(EndedException.Way.class, client.awaitEnd().getDeclaringClass());
        }
        assertFalse(GATEWAY.printed("/no/such/path; trying"), GATEWAY::report);
    }

    private static List<URI> users(URI address, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> URI.create(address + Integer.toString(i)))
                .toList();
    }
}
