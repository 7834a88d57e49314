package io.switchboard.checks.components;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.EchoServer;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipped nginx.conf, in front of two servers that only echo. */
@Tag("component")
class NginxProxyTest {
    @Test
    void shippedFileIsRightAsItStands() {
        try (var scratch = Scratch.create("nginx")) {
            var shipped = Repository.file("deploy/nginx.conf").toString();
            Program.run(
                    "nginx -t",
                    scratch.path(),
                    List.of("nginx", "-t", "-p", scratch.path().toString(), "-e", "stderr", "-c", shipped));
        }
    }

    @Test
    void connectionsGoRoundAndSurviveAReload() {
        try (var one = EchoServer.start();
                var two = EchoServer.start();
                var nginx = Nginx.inFrontOf(List.of(one.port(), two.port()))) {
            var clients = new ArrayList<WsClient>();
            for (int i = 0; i < 10; i++) {
                clients.add(WsClient.connect(nginx.uri("/chat/channel/" + i + "?a=b%20c")));
            }
            assertEquals(5, one.accepted());
            assertEquals(5, two.accepted());

            nginx.reload();
            clients.add(WsClient.connect(nginx.uri("/after")));
            for (var client : clients) {
                client.sendText("still here");
                client.awaitText("still here");
                client.expectNothingMore();
                client.close();
            }
        }
    }

    @Test
    void nodeSeesPathAndWhoTheClientIs() {
        try (var node = EchoServer.start();
                var nginx = Nginx.inFrontOf(List.of(node.port()))) {
            WsClient.connect(nginx.uri("/chat/channel/%E5%BC%A0?x=1%2B1")).leave();
            var request = node.lastRequest();
            assertTrue(request.startsWith("GET /chat/channel/%E5%BC%A0?x=1%2B1 HTTP/1.1\r\n"), request);
            assertTrue(request.contains("X-Forwarded-For: 127.0.0.1\r\n"), request);
            assertTrue(request.contains("X-Forwarded-Proto: http\r\n"), request);
            assertTrue(request.contains("Host: 127.0.0.1:" + nginx.port() + "\r\n"), request);
        }
    }

    @Test
    void deadNodeIsPassedOver() {
        int nobody = Ports.free();
        try (var node = EchoServer.start();
                var nginx = Nginx.inFrontOf(List.of(nobody, node.port()))) {
            for (int i = 0; i < 4; i++) {
                WsClient.connect(nginx.uri("/")).leave();
            }
            assertEquals(4, node.accepted());
        }
    }

    @Test
    void metricsAreNotForTheWorld() {
        try (var node = EchoServer.start();
                var nginx = Nginx.inFrontOf(List.of(node.port()))) {
            for (var path : List.of("/metrics", "/health/live", "/health")) {
                var answer = WsClient.ask(
                        Handshake.to("127.0.0.1", nginx.port(), path).plain());
                assertEquals(404, answer.status(), path);
            }
            assertEquals(0, node.accepted());
        }
    }
}
