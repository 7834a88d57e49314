package io.switchboard.checks.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.GatewayProcess;
import io.switchboard.checks.components.NacosServer;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.StartingNode;
import io.switchboard.checks.vectors.GatewayVector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that register with a real Nacos, and the gateway that finds them there. */
@Tag("component")
@Tag("slow")
@Tag("slow-nacos")
@Tag("node")
class NacosTest {
    /** What docs/operations.md promises of a killed node: 9 s without a beat, looked for every 5 s. */
    private static final Duration GONE = Duration.ofSeconds(15);

    private static final NacosServer NACOS = NacosServer.start();

    private static NodeSettings settings(String name, String service) {
        return new NodeSettings(
                name,
                "chat-redis",
                Map.ofEntries(
                        Map.entry("api.key", GatewayVector.KEY),
                        Map.entry("protocols.inbox.enabled", "true"),
                        Map.entry("protocols.inbox.path", "/ws"),
                        Map.entry("backplane.type", "none"),
                        Map.entry("backplane.format", "native"),
                        Map.entry("node.host", "127.0.0.1"),
                        Map.entry("discovery.type", "nacos"),
                        Map.entry("discovery.server", NACOS.address()),
                        Map.entry("discovery.user", NacosServer.USER),
                        Map.entry("discovery.password", NacosServer.PASSWORD),
                        Map.entry("discovery.service", service),
                        Map.entry("discovery.notice", "3s"),
                        Map.entry("limits.drain_time", "10s")),
                List.of("-Xmx256m"));
    }

    @AfterAll
    static void stopNacos() {
        NACOS.close();
    }

    @Test
    void aNodeIsRegisteredWithWhatBalancersAskFor() {
        try (var node = NodeProcess.start(settings("meta", "meta"))) {
            awaitInstances("meta", node, "\"healthy\":true");
            awaitInstances("meta", node, "\"connections\":\"0\"");
            assertInstances("meta", "\"draining\":\"false\"", "\"node\":\"meta\"", "\"version\":\"");
            try (var guests = Crowd.connect(users(node.uri("/chat/channel/u"), 7))) {
                awaitInstances("meta", node, "\"connections\":\"7\"");
                assertEquals(Map.of(), guests.endings());
            }
            awaitInstances("meta", node, "\"connections\":\"0\"");
        }
    }

    @Test
    void aPortThatCannotBeOpenedIsNeverRegistered() {
        try (var owner = NodeProcess.start(settings("owner", "bind").with("discovery.type", "none"));
                var loser = StartingNode.start(settings("loser", "bind"), owner.port())) {
            loser.awaitLog("that the port is taken", line -> line.contains("cannot listen"));
            assertFalse(loser.awaitEnd() == 0, "it ended as if all were well");
            assertFalse(NACOS.instances("bind").contains("\"ip\""), () -> NACOS.instances("bind"));
        }
    }

    @Test
    void aNodeThatDrainsIsWithdrawnBeforeItsClientsAreTold() {
        try (var node = NodeProcess.start(settings("drain", "drain"));
                var client = WsClient.connect(node.uri("/ws"))) {
            awaitInstances("drain", node, "\"healthy\":true");
            node.term();
            awaitNoInstances("drain", Duration.ofSeconds(3));
            client.sendText("still served");
            client.awaitText("still served");
            assertTrue(node.get("/health/ready").body().contains("draining"));
            client.awaitClose(1001);
            assertEquals(0, node.exitCode());
            assertFalse(NACOS.instances("drain").contains("\"ip\""));
        }
    }

    @Test
    void aKilledNodeIsGoneWithinTheStatedTime() {
        try (var node = NodeProcess.start(settings("kill", "kill"))) {
            awaitInstances("kill", node, "\"healthy\":true");
            node.kill9();
            awaitNoInstances("kill", GONE);
        }
    }

    @Test
    void whatNacosForgotIsSaidAgain() {
        try (var node = NodeProcess.start(settings("again", "again"))) {
            awaitInstances("again", node, "\"healthy\":true");
            NACOS.remove("again", node.port());
            awaitNoInstances("again", Duration.ofSeconds(2));
            awaitInstances("again", node, "\"healthy\":true");
        }
    }

    /** Nacos ends, and begins again without a memory: the node serves on, and registers again by itself. */
    @Test
    void aNacosThatWasRestartedKnowsTheNodeAgain() {
        try (var nacos = NacosServer.start();
                var node =
                        NodeProcess.start(settings("restart", "restart").with("discovery.server", nacos.address()))) {
            awaitInstances(nacos, "restart", node, "\"healthy\":true");
            try (var client = WsClient.connect(node.uri("/ws"))) {
                nacos.restart();
                awaitInstances(nacos, "restart", node, "\"healthy\":true");
                awaitInstances(nacos, "restart", node, "\"connections\":\"1\"");
                client.sendText("served all the while");
                client.awaitText("served all the while");
                client.leave();
            }
            assertEquals(200, node.get("/health/ready").status());
        }
    }

    @Test
    void aNacosOfTheOlderApiWillDo() throws IOException {
        var old = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        old.createContext("/nacos", NacosTest::withoutVersion3);
        old.start();
        var address = "127.0.0.1:" + old.getAddress().getPort();
        try (var node = NodeProcess.start(settings("old", "old").with("discovery.server", address))) {
            awaitInstances("old", node, "\"connections\":\"0\"");
            // Longer than an instance lives without beats.
            var since = System.nanoTime();
            Await.until("16 s to have passed", Duration.ofSeconds(20), () -> {
                assertInstances("old", "\"healthy\":true");
                return System.nanoTime() - since > 16_000_000_000L;
            });
            node.term();
            awaitNoInstances("old", Duration.ofSeconds(3));
        } finally {
            old.stop(0);
        }
    }

    /** As Nacos 2 answers: it does not know the paths of version 3. */
    private static void withoutVersion3(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI asked = exchange.getRequestURI();
            var body = exchange.getRequestBody().readAllBytes();
            if (asked.getPath().contains("/v3/")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            var request = HttpRequest.newBuilder(URI.create("http://" + NACOS.address() + asked))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            for (var name : List.of("Authorization", "Content-Type")) {
                var value = exchange.getRequestHeaders().getFirst(name);
                if (value != null) {
                    request.header(name, value);
                }
            }
            try (var http = HttpClient.newHttpClient()) {
                var answer = http.send(request.build(), BodyHandlers.ofByteArray());
                exchange.sendResponseHeaders(
                        answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    @Test
    void theGatewayFindsTheNodesInNacosAndTheirConnectionsToo() {
        var vector = GatewayVector.read();
        try (var a = NodeProcess.start(settings("A", vector.service()));
                var b = NodeProcess.start(settings("B", vector.service()));
                var gateway = GatewayProcess.start(Map.of(
                        "switchboard.gateway.server",
                        NACOS.address(),
                        "switchboard.gateway.user",
                        NacosServer.USER,
                        "switchboard.gateway.password",
                        NacosServer.PASSWORD,
                        // Only what Nacos says.
                        "switchboard.gateway.visit",
                        "0"))) {
            gateway.awaitNodes(a, b);
            vector.play(gateway, List.of(a, b));
            try (var before = Crowd.connect(users(a.uri("/chat/channel/before"), 40))) {
                Await.until(
                        "Nacos to know that A is full",
                        () -> NACOS.instances("websocket-demo").contains("\"connections\":\"40\""));
                Await.until(
                        "the gateway to know it",
                        () -> IntStream.range(0, 3).allMatch(_probe -> arrivesOn(b, gateway)));
                try (var crowd = Crowd.connect(users(gateway.uri("/chat/channel/after"), 10))) {
                    Cluster.awaitSessions(b, 10);
                    b.term();
                    gateway.awaitNodes(a);
                    assertEquals(Map.of(), crowd.endings());
                    crowd.join(users(gateway.uri("/chat/channel/new"), 10));
                    Cluster.awaitSessions(a, 50);
                    Await.until("those on B to be told", () -> crowd.endings().size(), ended -> ended == 10);
                }
                assertEquals(Map.of(), before.endings());
            }
            Await.until("nobody is answered by a node that is gone", () -> {
                try (var client = WsClient.connect(gateway.uri("/ws"))) {
                    client.sendText("to A");
                    client.awaitText("to A");
                    return true;
                } catch (EndedException e) {
                    return false;
                }
            });
        }
    }

    private static boolean arrivesOn(NodeProcess node, GatewayProcess gateway) {
        try (var probe = WsClient.connect(gateway.uri("/ws"))) {
            probe.sendText("arrived");
            probe.awaitText("arrived");
            boolean arrived = Cluster.sessions(node) == 1;
            probe.leave();
            return arrived;
        } finally {
            Cluster.awaitSessions(node, 0);
        }
    }

    private static void awaitInstances(String service, NodeProcess node, String part) {
        awaitInstances(NACOS, service, node, part);
    }

    private static void awaitInstances(NacosServer nacos, String service, NodeProcess node, String part) {
        Await.until(
                service + " with " + part,
                () -> nacos.instances(service),
                list -> list.contains("\"port\":" + node.port()) && list.contains(part));
    }

    private static void assertInstances(String service, String... parts) {
        var list = NACOS.instances(service);
        for (var part : parts) {
            assertTrue(list.contains(part), () -> "no " + part + " in " + list);
        }
    }

    private static void awaitNoInstances(String service, Duration patience) {
        Await.until(
                "no instance of " + service,
                patience,
                () -> NACOS.instances(service),
                list -> list.contains("\"hosts\":[]"));
    }

    private static List<URI> users(URI address, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> URI.create(address + Integer.toString(i)))
                .toList();
    }
}
