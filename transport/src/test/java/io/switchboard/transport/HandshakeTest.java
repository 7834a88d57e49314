package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Authenticator;
import io.switchboard.hub.Limits;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455, section 4: who gets a WebSocket, and what the others are told. */
class HandshakeTest {
    private static final String KEY = "Sec-WebSocket-Key: " + RawClient.KEY;
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawClient.Answer answer(String request) throws Exception {
        return answer(server, request);
    }

    /** The answer to a request after which the server has nothing more to say. */
    private static RawClient.Answer answer(TestServer of, String request) throws Exception {
        try (var client = of.connect()) {
            client.send(request);
            RawClient.Answer answer = client.answer();
            assertEquals("close", answer.header("connection"), answer.body());
            client.expectEnd();
            return answer;
        }
    }

    @Test
    void answerIsTheStandardsExample() throws Exception {
        try (var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/t/1"));
            RawClient.Answer answer = client.answer();
            assertEquals(101, answer.status());
            assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer.header("sec-websocket-accept"));
            assertEquals("websocket", answer.header("upgrade"));
            assertEquals("Upgrade", answer.header("connection"));
            assertFalse(answer.headers().containsKey("sec-websocket-protocol"));
            assertFalse(answer.headers().containsKey("sec-websocket-extensions"));
        }
    }

    static Stream<Arguments> refused() {
        String up = "Upgrade: websocket";
        String connection = "Connection: Upgrade";
        String version = "Sec-WebSocket-Version: 13";
        String usual = RawClient.upgradeRequest("/t/1");
        return Stream.of(
                Arguments.of("no key", 400, RawClient.request("/t/1", up, connection, version)),
                Arguments.of(
                        "short key",
                        400,
                        RawClient.request("/t/1", up, connection, version, "Sec-WebSocket-Key: abc=")),
                Arguments.of(
                        "key of 15 bytes",
                        400,
                        RawClient.request("/t/1", up, connection, version, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA")),
                Arguments.of(
                        "key of 17 bytes",
                        400,
                        RawClient.request(
                                "/t/1", up, connection, version, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=")),
                Arguments.of(
                        "key not base64",
                        400,
                        RawClient.request(
                                "/t/1", up, connection, version, "Sec-WebSocket-Key: *GhlIHNhbXBsZSBub25jZQ==")),
                Arguments.of("two keys", 400, RawClient.request("/t/1", up, connection, version, KEY, KEY)),
                Arguments.of("no version", 426, RawClient.request("/t/1", up, connection, KEY)),
                Arguments.of(
                        "old version", 426, RawClient.request("/t/1", up, connection, KEY, "Sec-WebSocket-Version: 8")),
                Arguments.of("no connection header", 400, RawClient.request("/t/1", up, version, KEY)),
                Arguments.of(
                        "keep-alive alone", 400, RawClient.request("/t/1", up, version, KEY, "Connection: keep-alive")),
                Arguments.of("POST", 405, usual.replace("GET", "POST")),
                Arguments.of("HTTP/1.0", 400, usual.replace("HTTP/1.1", "HTTP/1.0")),
                Arguments.of("HTTP/2.0", 505, usual.replace("HTTP/1.1", "HTTP/2.0")),
                Arguments.of("HTTP/1.2", 505, usual.replace("HTTP/1.1", "HTTP/1.2")),
                Arguments.of("no version of HTTP", 400, usual.replace(" HTTP/1.1", "")),
                Arguments.of("no host", 400, usual.replace("Host: localhost\r\n", "")),
                Arguments.of("two hosts", 400, RawClient.upgradeRequest("/t/1", "Host: other")),
                Arguments.of("host with a path", 400, usual.replace("localhost", "a/b")));
    }

    static Stream<Arguments> malformed() {
        String usual = RawClient.upgradeRequest("/t/1");
        return Stream.of(
                Arguments.of("folded header", 400, RawClient.upgradeRequest("/t/1", "X-A: b", " c")),
                Arguments.of("space before colon", 400, RawClient.upgradeRequest("/t/1", "X-A : b")),
                Arguments.of("header without colon", 400, RawClient.upgradeRequest("/t/1", "X-A")),
                Arguments.of("header without name", 400, RawClient.upgradeRequest("/t/1", ": b")),
                Arguments.of("control in header", 400, RawClient.upgradeRequest("/t/1", "X-A: b\u0001")),
                Arguments.of("NUL in header", 400, RawClient.upgradeRequest("/t/1", "X-A: b\u0000c")),
                Arguments.of("CR in header", 400, RawClient.upgradeRequest("/t/1", "X-A: b\rX-B: c")),
                Arguments.of("LF alone", 400, RawClient.upgradeRequest("/t/1", "X-A: b\nX-B: c")),
                Arguments.of("lines of LF", 400, usual.replace("\r\n", "\n")),
                Arguments.of("name with umlaut", 400, RawClient.upgradeRequest("/t/1", "X-\u00e4: b")),
                Arguments.of("body", 400, RawClient.upgradeRequest("/t/1", "Content-Length: 5")),
                Arguments.of("chunked body", 400, RawClient.upgradeRequest("/t/1", "Transfer-Encoding: chunked")),
                Arguments.of(
                        "two lengths", 400, RawClient.upgradeRequest("/t/1", "Content-Length: 0", "Content-Length: 5")),
                Arguments.of(
                        "length and chunks",
                        400,
                        RawClient.upgradeRequest("/t/1", "Content-Length: 0", "Transfer-Encoding: chunked")),
                Arguments.of("negative length", 400, RawClient.upgradeRequest("/t/1", "Content-Length: -1")),
                Arguments.of("length in words", 400, RawClient.upgradeRequest("/t/1", "Content-Length: +5")),
                Arguments.of("odd encoding", 501, RawClient.upgradeRequest("/t/1", "Transfer-Encoding: xchunked")),
                Arguments.of("two spaces", 400, usual.replace("GET ", "GET  ")),
                Arguments.of("tab for space", 400, usual.replace("GET ", "GET\t")),
                Arguments.of("method no token", 400, usual.replace("GET", "G(T")));
    }

    static Stream<Arguments> wrongPaths() {
        return Stream.of(
                Arguments.of("raw umlaut in path", 400, RawClient.upgradeRequest("/t/\u00e4")),
                Arguments.of("fragment", 400, RawClient.upgradeRequest("/t/1#x")),
                Arguments.of("relative path", 400, RawClient.upgradeRequest("t/1")),
                Arguments.of("path cut in percent", 400, RawClient.upgradeRequest("/t/1%4")),
                Arguments.of("percent and no hex", 400, RawClient.upgradeRequest("/t/%zz")),
                Arguments.of("percent and no UTF-8", 400, RawClient.upgradeRequest("/t/%ff")),
                Arguments.of("overlong in path", 400, RawClient.upgradeRequest("/t/%c0%af")),
                Arguments.of("surrogate in path", 400, RawClient.upgradeRequest("/t/%ed%a0%80")),
                Arguments.of("bad query", 400, RawClient.upgradeRequest("/t/1?a=%")),
                Arguments.of("empty user", 400, RawClient.upgradeRequest("/t/")),
                Arguments.of(
                        "sub-protocol no token", 400, RawClient.upgradeRequest("/t/1", "Sec-WebSocket-Protocol: a b")),
                Arguments.of("endpoint's own", 401, RawClient.upgradeRequest("/t/nobody")),
                Arguments.of("control in user id", 400, RawClient.upgradeRequest("/t/%00")),
                Arguments.of("endpoint's bug", 500, RawClient.upgradeRequest("/t/bug")));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource({"refused", "malformed", "wrongPaths"})
    void refusalHasAStatusAndAText(String what, int status, String request) throws Exception {
        RawClient.Answer answer = answer(request);
        assertEquals(status, answer.status(), answer.body());
        assertFalse(answer.body().isEmpty());
        assertEquals("text/plain; charset=utf-8", answer.header("content-type"));
        assertEquals(status == 426 ? "13" : "", answer.header("sec-websocket-version"));
    }

    @Test
    void emptyVariableIsNamed() throws Exception {
        assertEquals(
                "{user} is empty in the path /t/{user}",
                answer(RawClient.upgradeRequest("/t/")).body());
    }

    @Test
    void noEndpointIsNotFound() throws Exception {
        try (var client = server.connect()) {
            for (String path : List.of("/", "/t", "/t/1/2", "/other", "/echo/", "http://h?/t/1", "http://h")) {
                client.send(RawClient.upgradeRequest(path));
                assertEquals(404, client.answer().status());
            }
            // A balancer may have used the connection for something else before.
            client.upgrade("/t/1");
            client.text("here");
            client.expectText("here");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/t/1",
                "/t/%e5%bc%a0%E4%B8%89",
                "/t/a%2Fb",
                "/t/a+b",
                "/t/1?token=a%20b&x",
                "/t/..",
                "/%74/1",
                "http://example.com/t/1",
                "https://example.com:1/t/1?a=/b",
                "/t/1?"
            })
    void pathMayBeSpelledSo(String path) throws Exception {
        try (var client = server.join(path)) {
            client.text("in");
            client.expectText("in");
        }
    }

    @Test
    void decodedUserIsTheUser() throws Exception {
        try (var client = server.join("/t/%E5%BC%A0%2F+")) {
            assertEquals(1, server.publish(Topic.user("张/+"), "found").local());
            client.expectText("found");
        }
    }

    @Test
    void headersMayBeSpelledSo() throws Exception {
        try (var client = server.connect()) {
            client.send("\r\nGET /t/1 HTTP/1.1\r\nhOST:localhost\r\nUPGRADE:\t WebSocket \r\n"
                    + "connection: keep-alive\r\nConnection: uPgRaDe\r\nsec-websocket-version:13\r\n"
                    + "Sec-websocket-KEY:" + RawClient.KEY + "\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n");
            assertEquals(101, client.answer().status());
        }
    }

    @Test
    void requestMayComeByteByByte() throws Exception {
        try (var client = server.connect()) {
            for (byte one : RawClient.upgradeRequest("/t/1").getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {one});
            }
            assertEquals(101, client.answer().status());
            client.text("in");
            client.expectText("in");
        }
    }

    @Test
    void firstOfferedSubProtocolIsChosen() throws Exception {
        for (String offer : List.of("stomp", "stomp, other", "stomp,x")) {
            try (var client = server.connect()) {
                client.send(RawClient.upgradeRequest("/t/1", "Sec-WebSocket-Protocol: " + offer));
                assertEquals("stomp", client.answer().header("sec-websocket-protocol"));
            }
        }
        try (var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/t/1", "Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"));
            assertEquals("a", client.answer().header("sec-websocket-protocol"));
        }
    }

    @Test
    void onlyPermittedOriginsConnect() throws Exception {
        try (var strict = TestServer.with(
                settings -> settings.withOrigins(List.of("https://a.example", "https://*.b.example:8443"), true))) {
            for (String good : List.of("https://a.example", "HTTPS://A.example", "https://x.y.b.example:8443")) {
                try (var client = strict.connect()) {
                    client.upgrade("/t/1", "Origin: " + good);
                }
            }
            for (String bad : List.of(
                    "null",
                    "https://b.example:8443",
                    "https://x.b.example",
                    "http://a.example",
                    "https://a.example.evil",
                    "https://evil.example/.b.example:8443",
                    "https://a.example:444")) {
                String request = RawClient.upgradeRequest("/t/1", "Origin: " + bad);
                assertEquals(403, answer(strict, request).status(), bad);
            }
            assertEquals(403, answer(strict, RawClient.upgradeRequest("/t/1")).status());
        }
    }

    @Test
    void originMayBeAnyButMustBeThere() throws Exception {
        try (var go = TestServer.with(settings -> settings.withOrigins(List.of("*"), true))) {
            assertEquals(403, answer(go, RawClient.upgradeRequest("/t/1")).status());
            assertEquals(
                    403,
                    answer(go, RawClient.upgradeRequest("/t/1", "Origin: null")).status());
            try (var client = go.connect()) {
                client.upgrade("/t/1", "Origin: http://anywhere");
            }
        }
    }

    @Test
    void listedOriginsDoNotShutOutProgramsWithout() throws Exception {
        try (var lax = TestServer.with(settings -> settings.withOrigins(List.of("https://a.example"), false));
                var program = lax.join("/t/1")) {
            assertEquals(
                    403,
                    answer(lax, RawClient.upgradeRequest("/t/1", "Origin: null"))
                            .status());
            program.text("in");
            program.expectText("in");
        }
    }

    @Test
    void longHeadIsRefusedWhereverItIsLong() throws Exception {
        int max = 2 << 10;
        Limits limits = TestServer.limits(
                1 << 10, 1 << 16, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(20));
        try (var small = TestServer.with(limits)) {
            int usual = RawClient.upgradeRequest("/t/1", "X-Long: ").length();
            try (var client = small.connect()) {
                client.upgrade("/t/1", "X-Long: " + "x".repeat(max - usual));
            }
            String tooLong = RawClient.upgradeRequest("/t/1", "X-Long: " + "x".repeat(max - usual + 1));
            assertEquals(431, answer(small, tooLong).status());
            assertEquals(431, answer(small, "GET /t/" + "x".repeat(max)).status());
            assertEquals(
                    431,
                    answer(
                                    small,
                                    RawClient.upgradeRequest(
                                            "/t/1", "X: y\r\n".repeat(max).strip()))
                            .status());
        }
    }

    @Test
    void requestThatDoesNotComeIsNotWaitedFor() throws Exception {
        Limits limits = TestServer.limits(
                1 << 10, 1 << 16, Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofSeconds(20));
        try (var server = TestServer.with(limits);
                var silent = server.connect();
                var half = server.connect()) {
            half.send("GET /t/1 HTTP/1.1\r\nHost: ");
            assertEquals(408, half.answer().status());
            half.expectEnd();
            silent.expectEnd();
        }
    }

    @Test
    void nodeThatIsFullOrLeavingSaysWhenToComeAgain() throws Exception {
        try (var server = TestServer.start()) {
            Node node = server.node;
            node.drain(Duration.ZERO).toCompletableFuture().join();
            RawClient.Answer answer = answer(server, RawClient.upgradeRequest("/t/1"));
            assertEquals(503, answer.status());
            assertEquals("1", answer.header("retry-after"));
            assertTrue(server.meter("switchboard.handshakes.refused") > 0);
        }
    }

    @Test
    void nothingIsDecodedBeforeTheClientIsAdmitted() throws Exception {
        var verdict = new CompletableFuture<Authenticator.Verdict>();
        var asked = new CompletableFuture<String>();
        Authenticator door = (request, claimed) -> {
            asked.complete(request.query().get("token"));
            return verdict;
        };
        try (var server = TestServer.withNode(config -> config.withAuthenticator(door));
                var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/t/1?token=a+b%2B"));
            client.text("early");
            client.text("x".repeat(40_000));
            assertEquals("a b+", asked.join());
            verdict.complete(new Authenticator.Verdict.Accepted("1"));
            assertEquals(101, client.answer().status());
            client.expectText("early");
            client.expectText("x".repeat(40_000));
            assertEquals(1, server.publish(Topic.user("1"), "to 1").local());
            client.expectText("to 1");
        }
    }

    @Test
    void doorMayRefuseAndBreak() throws Exception {
        Authenticator door = (request, claimed) -> claimed.equals("1")
                ? CompletableFuture.completedFuture(new Authenticator.Verdict.Rejected(
                        new Refusal(401, "no token", Optional.of(Duration.ofMillis(1500)))))
                : CompletableFuture.failedFuture(new IllegalStateException("a broken door, made for a test"));
        try (var server = TestServer.withNode(config -> config.withAuthenticator(door))) {
            RawClient.Answer answer = answer(server, RawClient.upgradeRequest("/t/1"));
            assertEquals(401, answer.status());
            assertEquals("no token", answer.body());
            assertEquals("2", answer.header("retry-after"));
            assertEquals(500, answer(server, RawClient.upgradeRequest("/t/2")).status());
            server.awaitSessions(0);
        }
    }

    @Test
    void clientThatLeavesBeforeItIsAdmittedLeavesNothing() throws Exception {
        var verdict = new CompletableFuture<Authenticator.Verdict>();
        var asked = new CompletableFuture<String>();
        Authenticator door = (request, claimed) -> {
            asked.complete(claimed);
            return verdict;
        };
        try (var server = TestServer.withNode(config -> config.withAuthenticator(door))) {
            RawClient client = server.connect();
            client.send(RawClient.upgradeRequest("/t/1"));
            client.text("early");
            assertEquals("1", asked.join());
            client.reset();
            TestServer.await("the connection is gone", () -> server.meter("switchboard.connections.http") == 0);
            verdict.complete(new Authenticator.Verdict.Accepted("1"));
            server.awaitSessions(0);
            assertEquals(0, server.publish(Topic.user("1"), "nobody there").local());
        }
    }
}
