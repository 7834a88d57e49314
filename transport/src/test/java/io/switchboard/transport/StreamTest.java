package io.switchboard.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Handler;
import io.switchboard.hub.Limits;
import io.switchboard.hub.Session;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.transport.loop.NettyLoops;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that go on: their bytes, how they begin, and how they end. */
class StreamTest {
    private static final BlockingQueue<Session> OPENED = new LinkedBlockingQueue<>();
    private static final String PAGE = "Origin: https://a.example";
    private static TestServer server;

    @BeforeAll
    static void start() {
        Handler handler = new Handler() {
            @Override
            public void onOpen(Session session) {
                OPENED.add(session);
            }
        };
        server = TestServer.with(
                config -> config.withHandler(handler),
                settings -> settings.withOrigins(List.of("https://a.example", "https://*.b.example"), false));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawClient opened(String body) throws IOException {
        RawClient client = server.connect();
        client.stream("/lines/1", body);
        return client;
    }

    private static String id(String user) throws InterruptedException {
        while (true) {
            Session session = OPENED.poll(20, TimeUnit.SECONDS);
            if (session == null || session.user().equals(user)) {
                return session == null ? "" : session.id();
            }
        }
    }

    private static String bytes(RawClient client, int count) throws IOException {
        return new String(client.input().readNBytes(count), UTF_8);
    }

    // Bytes

    @Test
    void linesAreChunksOfTheirOwn() throws Exception {
        try (var client = server.connect()) {
            var head = client.stream("/lines/1", "hello;0123456789abcde");
            assertEquals("chunked", head.header("transfer-encoding"));
            assertEquals("close", head.header("connection"));
            assertEquals("text/plain", head.header("content-type"));
            assertEquals("no", head.header("x-accel-buffering"));
            assertTrue(head.header("cache-control").contains("no-store"));
            assertFalse(head.headers().containsKey("content-length"));
            assertFalse(head.headers().containsKey("access-control-allow-origin"));
            String expected = "6\r\nhello\n\r\n10\r\n0123456789abcde\n\r\n";
            assertEquals(expected, bytes(client, expected.length()));
        }
    }

    @Test
    void eventsAreDataInChunksAndBeginAtOnce() throws Exception {
        try (var client = server.connect()) {
            client.send(RawClient.request("/events/1?say=hello"));
            var head = client.answer(false);
            assertEquals(200, head.status());
            assertEquals("text/event-stream", head.header("content-type"));
            String expected = "2\r\n\r\n\r\nd\r\ndata: hello\n\n\r\n";
            assertEquals(expected, bytes(client, expected.length()));
            server.publish(Topic.ALL, "a\nb\r\nc\rd");
            assertEquals("data: a\ndata: b\ndata: c\ndata: d\n\n", client.chunk());
        }
    }

    @Test
    void binaryFramesStandAsTheyAre() throws Exception {
        try (var client = server.connect()) {
            byte[] body = {0, 1, 2, '\n'};
            client.post("/lines/1", body, "Content-Type: application/octet-stream");
            assertEquals("application/octet-stream", client.answer(false).header("content-type"));
            assertEquals("\0\1\2\n", client.chunk());
            // One without content is none: it would end the answer.
            server.publish(Topic.ALL, "");
            server.publish(Topic.ALL, "next");
            assertEquals("next", client.chunk());
        }
    }

    @Test
    void commandsOfOneBodyAreCarriedOutInOrder() throws Exception {
        try (var client = opened("join a;one;join b;two;leave a;three")) {
            for (String line : List.of("joined a", "one", "joined b", "two", "left a", "three")) {
                client.expectLine(line);
            }
        }
    }

    @Test
    void aStreamHearsWhatWebSocketsHear() throws Exception {
        try (var lines = opened("x");
                var events = server.connect();
                var socket = server.join("/t/9")) {
            events.stream("/events/2", "y");
            lines.expectLine("x");
            assertEquals("\r\n", events.chunk());
            assertEquals("data: y\n\n", events.chunk());
            for (int length : new int[] {0, 1, 14, 15, 16, 247, 248, 254, 255, 256, 4_094, 4_095, 70_000}) {
                String text = "é".repeat(length / 2) + "x".repeat(length % 2);
                server.publish(Topic.ALL, text);
                lines.expectLine(text);
                assertEquals("data: " + text + "\n\n", events.chunk());
                socket.expectText(text);
            }
        }
    }

    @Test
    void bodyMayComeInChunksAndSlowly() throws Exception {
        try (var client = server.connect()) {
            client.send(
                    "POST /lines/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.answer(false).status());
            for (String part : List.of("1\r\no\r", "\n2;x=y\r\nne\r\n", "0\r\n", "\r\n")) {
                client.send(part);
            }
            assertEquals(200, client.answer(false).status());
            client.expectLine("one");
        }
    }

    @Test
    void nothingMoreIsReadFromAConnectionThatHasItsAnswer() throws Exception {
        long before = server.meter("switchboard.http.requests");
        try (var client = server.connect()) {
            String another = RawClient.request("/lines/1");
            client.send("POST /lines/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + another);
            assertEquals(200, client.answer(false).status());
            client.expectLine("x");
            client.send(another.repeat(1_000));
            server.publish(Topic.ALL, "still there");
            client.expectLine("still there");
            assertEquals(before + 1, server.meter("switchboard.http.requests"));
        }
    }

    @Test
    void nonsenseHarmsNobody() throws Exception {
        var random = new Random(7);
        try (var witness = opened("x")) {
            for (int i = 0; i < 500; i++) {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                try (var client = server.connect()) {
                    String path = random.nextBoolean() ? "/lines/1" : "/events/1";
                    String type = random.nextBoolean() ? "application/octet-stream" : "text/plain";
                    client.post(path, noise, "Content-Type: " + type);
                    int status = client.answer(false).status();
                    assertTrue(status == 200 || status == 400, () -> "status " + status);
                }
            }
            witness.expectLine("x");
            server.publish(Topic.ALL, "still there");
            witness.expectLine("still there");
        }
    }

    // Refusals

    static Stream<Arguments> refused() {
        String post = "POST /lines/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
        return Stream.of(
                Arguments.of(400, post.replace("/1.1", "/1.0")),
                Arguments.of(405, post.replace("POST", "PUT")),
                Arguments.of(405, post.replace("POST", "GET")),
                Arguments.of(405, RawClient.request("/events/1?say=x").replace("GET", "HEAD")),
                Arguments.of(400, RawClient.request("/events/1")),
                Arguments.of(400, post.replace("/lines/1", "/lines/")),
                Arguments.of(400, post.replace("/lines/1", "/lines/%20" + "x".repeat(300))),
                Arguments.of(401, post.replace("/lines/1", "/lines/nobody")),
                Arguments.of(500, post.replace("/lines/1", "/lines/bug")),
                Arguments.of(413, post.replace("Content-Length: 1", "Content-Length: 65537")),
                Arguments.of(400, post.replace("\r\n\r\nx", "\r\n\r\n\u00ff")),
                Arguments.of(404, post.replace("/lines/1", "/lines")),
                Arguments.of(417, post.replace("Host: a", "Host: a\r\nExpect: x")));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void requestIsRefused(int status, String request) throws Exception {
        try (var client = server.connect()) {
            client.send(request);
            var answer = client.answer(!request.startsWith("HEAD"));
            assertEquals(status, answer.status(), answer.body());
            if (status == 405) {
                assertTrue(answer.header("allow").endsWith("OPTIONS, POST"), answer.header("allow"));
            }
        }
    }

    @Test
    void pagesOfPermittedOriginsMayReadTheAnswer() throws Exception {
        for (String origin : List.of("https://a.example", "https://x.b.example")) {
            try (var client = server.connect()) {
                var head = client.stream("/lines/1", "x", "Origin: " + origin);
                assertEquals(origin, head.header("access-control-allow-origin"));
                assertEquals("true", head.header("access-control-allow-credentials"));
                assertEquals("Origin", head.header("vary"));
            }
        }
        try (var client = server.connect()) {
            var refusal = client.posted("/lines/nobody", "x", PAGE);
            assertEquals(401, refusal.status());
            assertEquals("https://a.example", refusal.header("access-control-allow-origin"));
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefused() throws Exception {
        for (String path : List.of("/lines/1", "/events/1", "/say")) {
            try (var client = server.connect()) {
                var refusal = client.posted(path, "x", "Origin: https://evil.example");
                assertEquals(403, refusal.status());
                assertFalse(refusal.headers().containsKey("access-control-allow-origin"));
            }
        }
    }

    @Test
    void aBrowserIsToldBeforehandWhatItMaySend() throws Exception {
        for (String path : List.of("/lines/1", "/say")) {
            try (var client = server.connect()) {
                String question = RawClient.request(path, PAGE, "Access-Control-Request-Headers: content-type, x-a");
                client.send(question.replace("GET", "OPTIONS").repeat(2));
                for (int i = 0; i < 2; i++) {
                    var answer = client.answer();
                    assertEquals(204, answer.status());
                    assertEquals("https://a.example", answer.header("access-control-allow-origin"));
                    assertEquals("OPTIONS, POST", answer.header("access-control-allow-methods"));
                    assertEquals("content-type, x-a", answer.header("access-control-allow-headers"));
                }
            }
        }
    }

    @Test
    void aFullNodeRefusesStreams() throws Exception {
        var one = Limits.DEFAULT.with(limits -> limits.sessions = 1);
        try (var full = TestServer.with(one);
                var first = full.connect();
                var second = full.connect()) {
            first.stream("/lines/1", "x");
            var refusal = second.posted("/lines/2", "x", PAGE);
            assertEquals(503, refusal.status());
            assertEquals("5", refusal.header("retry-after"));
            assertEquals("https://a.example", refusal.header("access-control-allow-origin"));
        }
    }

    // The end

    @Test
    void reasonIsSaidInTheStreamBeforeItsEnd() throws Exception {
        try (var client = server.connect()) {
            client.stream("/lines/closed", "x");
            client.expectLine("x");
            server.node.hub().close(id("closed"), CloseReason.REPLACED);
            client.expectLine("closing 4001 replaced by a newer connection");
            assertEquals("", client.chunk());
            client.expectEnd();
        }
    }

    @Test
    void aStreamThatEndsWithoutAWordIsCut() throws Exception {
        try (var client = server.connect()) {
            client.stream("/lines/cut", "x");
            client.expectLine("x");
            server.node.hub().close(id("cut"), new CloseReason(3000, ""));
            client.expectLine("closing 3000 ");
            assertThrows(EOFException.class, client::chunk);
        }
    }

    @Test
    void aBugOfTheProtocolEndsItsStreamAlone() throws Exception {
        try (var client = opened("fail");
                var other = opened("x")) {
            client.expectLine("closing 1011 internal error");
            assertEquals("", client.chunk());
            client.expectEnd();
            other.expectLine("x");
        }
    }

    @Test
    void clientsOfADrainingNodeAreTold() throws Exception {
        try (var draining = TestServer.start();
                var client = draining.connect()) {
            client.stream("/lines/1", "x");
            client.expectLine("x");
            var drained = draining.node.hub().drain(0);
            client.expectLine("closing 1001 node is shutting down, connect again");
            assertEquals("", client.chunk());
            client.expectEnd();
            drained.toCompletableFuture().join();
            assertEquals(0, draining.meter("switchboard.streams"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aClientThatGoesAwayLeavesNothing(NettyLoops.Kind kind) throws Exception {
        try (var left = TestServer.on(kind, Limits.DEFAULT)) {
            for (boolean abruptly : new boolean[] {true, false}) {
                var client = left.connect();
                client.stream("/lines/1", "x");
                client.expectLine("x");
                left.awaitSessions(1);
                assertEquals(1, left.meter("switchboard.streams"));
                if (abruptly) {
                    client.reset();
                } else {
                    client.close();
                }
                left.awaitSessions(0);
                TestServer.await("no streams", () -> left.meter("switchboard.streams") == 0);
                TestServer.await("no HTTP", () -> left.meter("switchboard.connections.http") == 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aSlowReaderHearsAllInOrderOrIsClosed(NettyLoops.Kind kind) throws Exception {
        Duration usual = Duration.ofSeconds(60);
        long outlet = 256 << 10;
        Limits limits = TestServer.limits(32 << 10, (int) outlet, usual, usual, usual)
                .with(narrowed -> {
                    narrowed.backlogBytes = 4 << 20;
                    narrowed.backlogTime = usual;
                });
        String pad = " " + "x".repeat(16 << 10);
        try (var narrow = TestServer.on(kind, limits)) {
            var socket = new Socket();
            socket.setReceiveBufferSize(4 << 10);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), narrow.port()));
            try (var slow = new RawClient(socket)) {
                slow.stream("/lines/1", "x");
                int said = 0;
                while (narrow.meter("switchboard.backlog.bytes") < 1 << 20) {
                    narrow.publish(Topic.ALL, said++ + pad);
                }
                long waiting = narrow.meter("switchboard.outlet.bytes");
                assertTrue(waiting > outlet / 2 && waiting < 2 * outlet, "waiting in the outlet: " + waiting);
                slow.expectLine("x");
                for (int i = 0; i < said; i++) {
                    slow.expectLine(i + pad);
                }
                TestServer.await("nobody is pressed", () -> narrow.meter("switchboard.sessions.pressed") == 0);
                while (narrow.meter("switchboard.closed.slow") == 0) {
                    narrow.publish(Topic.ALL, pad);
                }
                narrow.awaitSessions(0);
                TestServer.await("nothing waits", () -> narrow.meter("switchboard.outlet.bytes") == 0);
            }
        }
    }
}
