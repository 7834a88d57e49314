package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Limits;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRequest;
import io.switchboard.transport.http.HttpRoute;
import io.switchboard.transport.http.Resources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The other half of the port: routes, files, bodies. */
class HttpTest {
    private static final Limits LIMITS =
            TestServer.limits(1 << 10, 1 << 16, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(20));
    private static TestServer server;
    private static ExecutorService threads;
    private static final CompletableFuture<HttpAnswer> LATER = new CompletableFuture<>();

    @BeforeAll
    static void start() {
        threads = Executors.newSingleThreadExecutor();
        server = TestServer.with(LIMITS, routes(threads));
    }

    @AfterAll
    static void stop() {
        server.close();
        threads.shutdown();
    }

    private static List<HttpRoute> routes(Executor executor) {
        return List.of(
                HttpRoute.get("/health", request -> HttpAnswer.text(200, "ok")),
                HttpRoute.get(
                                "/where",
                                request -> HttpAnswer.text(
                                        200,
                                        Thread.currentThread().getName().startsWith("switchboard-loop")
                                                ? "loop"
                                                : "other"))
                        .on(executor),
                HttpRoute.get("/bug", request -> {
                    throw new IllegalStateException("a bug of a route, made for a test");
                }),
                HttpRoute.get(
                        "/query",
                        request -> HttpAnswer.text(200, request.query().toString())),
                HttpRoute.getUnder("/api/", request -> HttpAnswer.json(200, "\"" + request.path() + "\"")),
                HttpRoute.getUnder("/api/more/", request -> HttpAnswer.text(200, "longer")),
                new HttpRoute("/later", false, Set.of("GET"), request -> LATER),
                new HttpRoute("/body", false, Set.of("POST", "PUT"), HttpTest::echo),
                new Resources(HttpTest.class, "http", List.of("index.html", "app.js")).under("/"));
    }

    private static CompletableFuture<HttpAnswer> echo(HttpRequest request) {
        String body = StandardCharsets.UTF_8.decode(request.body()).toString();
        return CompletableFuture.completedFuture(
                HttpAnswer.text(201, request.method() + ":" + body).with("X-Length", Integer.toString(body.length())));
    }

    @Test
    void manyRequestsOnOneConnection() throws Exception {
        try (var client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                RawClient.Answer answer = client.get("/health");
                assertEquals(200, answer.status());
                assertEquals("ok", answer.body());
                assertEquals("nosniff", answer.header("x-content-type-options"));
                assertTrue(answer.header("date").endsWith(" GMT"));
            }
            assertEquals("other", client.get("/where").body());
            assertEquals(404, client.get("/nothing").status());
            assertEquals(500, client.get("/bug").status());
            assertEquals("{a=b c, d=}", client.get("/query?a=b+c&d&a=x&&").body());
            assertEquals("\"/api/x y\"", client.get("/api/x%20y").body());
            assertEquals("longer", client.get("/api/more/x").body());
            RawClient.Answer last = client.get("/health", "Connection: close");
            assertEquals("close", last.header("connection"));
            client.expectEnd();
        }
    }

    @Test
    void requestsMayBeSentAhead() throws Exception {
        try (var client = server.connect()) {
            var all = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                all.append(RawClient.request(i % 7 == 0 ? "/where" : "/api/" + i));
            }
            all.append("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
            all.append(RawClient.upgradeRequest("/t/1"));
            client.send(all.toString());
            client.text("after all that");
            for (int i = 0; i < 500; i++) {
                assertEquals(
                        i % 7 == 0 ? "other" : "\"/api/" + i + "\"",
                        client.answer().body());
            }
            assertEquals("POST:abc", client.answer().body());
            assertEquals(101, client.answer().status());
            client.expectText("after all that");
        }
    }

    @Test
    void headHasTheHeadersAlone() throws Exception {
        try (var client = server.connect()) {
            client.send("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n");
            RawClient.Answer answer = client.answer(false);
            assertEquals(200, answer.status());
            assertEquals("2", answer.header("content-length"));
            assertEquals("ok", client.get("/health").body());
        }
    }

    @Test
    void otherMethodsAreToldWhatIsAllowed() throws Exception {
        try (var client = server.connect()) {
            client.send("DELETE /health HTTP/1.1\r\nHost: x\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertEquals(405, answer.status());
            assertEquals("GET", answer.header("allow"));
            assertEquals(405, client.get("/body").status());
        }
    }

    @Test
    void oldClientsGetOneAnswer() throws Exception {
        try (var client = server.connect()) {
            client.send("GET /health HTTP/1.0\r\n\r\n");
            assertEquals("ok", client.answer().body());
            client.expectEnd();
        }
    }

    @Test
    void endpointAnswersWhoDoesNotAskForAWebSocket() throws Exception {
        try (var client = server.connect()) {
            for (String path : List.of("/t/1", "/echo", "/t/")) {
                RawClient.Answer answer = client.get(path);
                assertEquals(400, answer.status());
                assertEquals("not websocket protocol", answer.body());
            }
            RawClient.Answer h2c = client.get("/t/1", "Upgrade: h2c", "Connection: Upgrade");
            assertEquals(400, h2c.status());
            assertEquals(
                    "ok",
                    client.get("/health", "Upgrade: h2c", "Connection: Upgrade").body());
        }
    }

    // Files

    @Test
    void filesAreServedWithWhatProtectsPages() throws Exception {
        try (var client = server.connect()) {
            RawClient.Answer page = client.get("/");
            assertEquals(200, page.status());
            assertEquals("<!doctype html><title>t</title>", page.body());
            assertEquals("text/html; charset=utf-8", page.header("content-type"));
            assertTrue(page.header("content-security-policy").contains("default-src 'self'"));
            assertEquals("no-referrer", page.header("referrer-policy"));
            RawClient.Answer script = client.get("/app.js");
            assertEquals("text/javascript; charset=utf-8", script.header("content-type"));
            String tag = script.header("etag");
            assertNotEquals(page.header("etag"), tag);
            RawClient.Answer same = client.get("/app.js", "If-None-Match: " + tag);
            assertEquals(304, same.status());
            assertFalse(same.headers().containsKey("content-length"));
            assertEquals(200, client.get("/app.js", "If-None-Match: \"other\"").status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/HttpTest.class",
                "/../index.html",
                "/%2e%2e/http/index.html",
                "//index.html",
                "/index.html/",
                "/app.js%00",
                "/..%5cindex.html"
            })
    void nothingElseIsServed(String path) throws Exception {
        try (var client = server.connect()) {
            assertEquals(404, client.get(path).status());
        }
    }

    // Bodies

    private static String post(String headers, String body) {
        return "POST /body HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
    }

    @Test
    void bodiesComeInAnyForm() throws Exception {
        try (var client = server.connect()) {
            client.send(post("Content-Length: 5\r\n", "hello"));
            RawClient.Answer answer = client.answer();
            assertEquals(201, answer.status());
            assertEquals("POST:hello", answer.body());
            assertEquals("5", answer.header("x-length"));
            client.send(post("Content-Length: 0\r\n", ""));
            assertEquals("POST:", client.answer().body());
            String chunked =
                    post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\nA;ext=1\r\n, and more\r\n0\r\nX: y\r\n\r\n");
            client.send(chunked);
            assertEquals("POST:hello, and more", client.answer().body().substring(0, 20));
            for (byte one : chunked.getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {one});
            }
            assertEquals("POST:hello, and more", client.answer().body().substring(0, 20));
            client.send(post("Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
            assertEquals(100, client.answer().status());
            client.send("ok");
            assertEquals("POST:ok", client.answer().body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g\r\n",
                "-1\r\n",
                "\r\n",
                "1\nx",
                "0x1\r\n",
                "1\r\nxx\r\n",
                "100000000000000000\r\n",
                " 1\r\nx\r\n",
                "0\r\nX: y\n\r\n"
            })
    void brokenChunksAreRefused(String chunks) throws Exception {
        try (var client = server.connect()) {
            client.send(post("Transfer-Encoding: chunked\r\n", chunks));
            assertEquals(400, client.answer().status());
            client.expectEnd();
        }
    }

    @Test
    void bodiesHaveALimit() throws Exception {
        int max = LIMITS.bodyBytes();
        try (var client = server.connect()) {
            client.send(post("Content-Length: " + max + "\r\n", "x".repeat(max)));
            assertEquals(201, client.answer().status());
            client.send(post("Content-Length: " + (max + 1) + "\r\n", ""));
            assertEquals(413, client.answer().status());
            client.expectEnd();
        }
        try (var client = server.connect()) {
            client.send(post("Transfer-Encoding: chunked\r\n", "800\r\n" + "x".repeat(0x800) + "\r\n801\r\n"));
            assertEquals(413, client.answer().status());
        }
        try (var client = server.connect()) {
            client.send(post("Content-Length: 99999999999999999999\r\n", ""));
            assertEquals(400, client.answer().status());
        }
    }

    @Test
    void lateAnswerFindsNobodyOrTheClient() throws Exception {
        RawClient gone = server.connect();
        try (var client = server.connect()) {
            gone.send(RawClient.request("/later"));
            client.send(RawClient.request("/later"));
            client.send(RawClient.request("/health").repeat(200));
            gone.reset();
            LATER.complete(HttpAnswer.text(200, "at last"));
            assertEquals("at last", client.answer().body());
            for (int i = 0; i < 200; i++) {
                assertEquals("ok", client.answer().body());
            }
        }
    }
}
