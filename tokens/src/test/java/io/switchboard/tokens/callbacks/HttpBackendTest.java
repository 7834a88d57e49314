package io.switchboard.tokens.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Backend.Question;
import io.switchboard.protocol.Backend.Reply;
import io.switchboard.protocol.CloseReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpBackendTest {
    private static final Backend.Caller ANN = new Backend.Caller(
            "s1",
            "ann",
            "websocket",
            "centrifugal",
            "json",
            Map.of("x-tenant", "7", "cookie", "private"),
            "127.0.0.1",
            null);

    /** What the application was sent. */
    private record Heard(String path, Map<String, String> headers, String body) {}

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final Meters meters = new Meters();
    private HttpServer server;
    private HttpBackend backend;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        backend = backend(port(), Duration.ofSeconds(20), 4);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private HttpBackend backend(int port, Duration within, int concurrency) {
        var hooks = new EnumMap<Question, Hook>(Question.class);
        for (Question question : Question.values()) {
            if (question != Question.SEND) {
                Set<String> namespaces = question == Question.PUBLISH ? Set.of("asked") : Set.of();
                hooks.put(
                        question,
                        new Hook(URI.create("http://127.0.0.1:" + port + "/" + question), within, namespaces));
            }
        }
        return new HttpBackend(
                new CallbackSettings(hooks, Optional.of("shared"), List.of("x-tenant"), concurrency, 100), meters);
    }

    @AfterEach
    void stop() {
        slow.countDown();
        backend.close();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Answers with what stands in the queue: a status and a body, or "hang". */
    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = new HashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        heard.add(new Heard(exchange.getRequestURI().getPath(), headers, body));
        String next = answers.poll();
        if (next == null) {
            next = "200 {\"result\":{}}";
        } else if (next.equals("hang")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] bytes = next.substring(Math.min(4, next.length())).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(
                next.equals("hang") ? 500 : Integer.parseInt(next.substring(0, 3)),
                bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static <T> T got(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static <T> T granted(CompletionStage<Reply<T>> stage) {
        Reply<T> reply = got(stage);
        if (reply instanceof Reply.Granted<T>(T result)) {
            return result;
        }
        throw new AssertionError(reply);
    }

    private static void assertTryAgain(Reply<?> reply) {
        var denied = assertInstanceOf(Reply.Denied.class, reply);
        assertEquals(100, denied.code());
        assertTrue(denied.temporary());
    }

    private Heard next() throws InterruptedException {
        Heard next = heard.poll(60, TimeUnit.SECONDS);
        assertTrue(next != null, "the application was asked nothing");
        return next;
    }

    @Test
    void connectIsAskedAndAnsweredAsDocumented() throws InterruptedException {
        answers.add(
                "200 {\"result\":{\"user\":\"ann\",\"expire_at\":1700000000,\"info\":{\"a\":1},\"channels\":[\"x\"],"
                        + "\"subs\":{\"y\":{\"override\":{\"join_leave\":{\"value\":true}}}}}}");
        Backend.Connected connected = granted(
                backend.connect(new Backend.Connect(ANN, "js", "1.0", Message.json("{\"d\":2}"), List.of("z"))));
        assertEquals("ann", connected.user());
        assertEquals(OptionalLong.of(1_700_000_000_000L), connected.expiresAtMillis());
        assertEquals(
                List.of("y", "x"),
                connected.topics().stream().map(grant -> grant.topic().name()).toList());
        assertEquals(
                Optional.of(true), connected.topics().getFirst().overrides().announced());
        Heard question = next();
        assertEquals("/CONNECT", question.path());
        assertEquals(
                "{\"client\":\"s1\",\"transport\":\"websocket\",\"protocol\":\"centrifugal\",\"encoding\":\"json\","
                        + "\"user\":\"ann\",\"name\":\"js\",\"version\":\"1.0\",\"channels\":[\"z\"],"
                        + "\"data\":{\"d\":2}}",
                question.body());
    }

    @Test
    void requestsAreSignedAndCarryAllowedHeadersOnly() throws InterruptedException {
        granted(backend.refresh(new Backend.Refresh(ANN)));
        Heard question = next();
        assertEquals("7", question.headers().get("x-tenant"));
        assertFalse(question.headers().containsKey("cookie"));
        String timestamp = question.headers().getOrDefault("x-switchboard-timestamp", "");
        assertEquals(
                Signing.signature(
                        "shared", timestamp, ByteBuffer.wrap(question.body().getBytes(StandardCharsets.UTF_8))),
                question.headers().get("x-switchboard-signature"));
    }

    @Test
    void binaryTravelsInBase64BothWays() throws InterruptedException {
        answers.add("200 {\"result\":{\"b64data\":\"AP8=\"}}");
        var rpc = new Backend.Rpc(ANN, "sum", Message.binary(new byte[] {1, 2}));
        Message data = granted(backend.rpc(rpc)).data();
        assertEquals(Message.Kind.BINARY, data == null ? null : data.kind());
        assertTrue(next().body().endsWith("\"method\":\"sum\",\"b64data\":\"AQI=\"}"));
    }

    @Test
    void applicationMaySayNoAndGoodbye() {
        answers.add("200 {\"error\":{\"code\":1001,\"message\":\"not you\"}}");
        var subscribe = new Backend.Subscribe(ANN, Topic.of("news"), "", null);
        assertEquals(new Reply.Denied<>(1001, "not you", false), got(backend.subscribe(subscribe)));
        answers.add("200 {\"disconnect\":{\"code\":4500,\"reason\":\"bye\"}}");
        assertEquals(new Reply.Dismissed<>(new CloseReason(4500, "bye")), got(backend.subscribe(subscribe)));
    }

    @Test
    void whatIsNoAnswerIsNeverPermission() {
        for (String odd : List.of(
                "200 ",
                "200 {}",
                "200 null",
                "200 {\"result\":null}",
                "200 {\"result\":[]}",
                "200 {\"error\":{}}",
                "200 {\"disconnect\":{\"code\":1}}",
                "204 ",
                "302 ",
                "404 {\"result\":{}}",
                "200 {\"result\":{\"info\":{}}",
                "200 {\"result\":{\"expire_at\":\"x\"}}",
                "200 {\"result\":{\"d\":\"" + "x".repeat(1_100_000) + "\"}}")) {
            answers.add(odd);
            answers.add(odd);
            assertTryAgain(got(backend.subscribe(new Backend.Subscribe(ANN, Topic.of("news"), "", null))));
            answers.clear();
        }
    }

    @Test
    void questionsAreRepeatedOnlyWhereTheyChangeNothing() {
        answers.add("503 ");
        granted(backend.subscribe(new Backend.Subscribe(ANN, Topic.of("news"), "", null)));
        assertEquals(2, heard.size());
        heard.clear();
        answers.add("503 ");
        assertTryAgain(got(backend.publish(new Backend.Publish(ANN, Topic.of("asked:x"), Message.json("1")))));
        assertEquals(1, heard.size());
    }

    @Test
    void slowApplicationIsGivenUp() {
        backend.close();
        backend = backend(port(), Duration.ofMillis(200), 4);
        answers.add("hang");
        assertTryAgain(got(backend.rpc(new Backend.Rpc(ANN, "", Message.json("1")))));
    }

    @Test
    void tooManyQuestionsAtOnceAreTurnedAway() {
        for (int i = 0; i < 4; i++) {
            answers.add("hang");
        }
        var waiting = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 4; i++) {
            waiting.add(backend.rpc(new Backend.Rpc(ANN, "", Message.json("1"))).toCompletableFuture());
        }
        assertTryAgain(got(backend.rpc(new Backend.Rpc(ANN, "", Message.json("1")))));
        assertEquals(1, meters.sum("switchboard.hooks.crowded"));
        slow.countDown();
        waiting.forEach(HttpBackendTest::got);
        granted(backend.rpc(new Backend.Rpc(ANN, "", Message.json("1"))));
    }

    @Test
    void noticesAreToldUntilTheyAreHeard() throws InterruptedException {
        answers.add("500 ");
        answers.add("500 ");
        backend.disconnected(ANN, new CloseReason(3001, "shutdown"));
        for (int i = 0; i < 2; i++) {
            assertTrue(next().body().endsWith("\"user\":\"ann\",\"code\":3001,\"reason\":\"shutdown\"}"));
        }
        assertEquals("/DISCONNECT", next().path());
        backend.unsubscribed(ANN, Topic.of("news"), 0, "");
        assertTrue(next().body().contains("\"channel\":\"news\",\"code\":0"));
    }

    @Test
    void noticesThatDoNotFitAreCounted() {
        for (int i = 0; i < 16; i++) {
            answers.add("hang");
        }
        for (int i = 0; i < 150; i++) {
            backend.disconnected(ANN, CloseReason.NORMAL);
        }
        assertEquals(150 - 16 - 100, meters.sum("switchboard.hooks.notices.dropped"));
    }

    @Test
    void namespacesChooseWhatIsAsked() {
        assertTrue(backend.decides(Question.PUBLISH, "asked"));
        assertFalse(backend.decides(Question.PUBLISH, ""));
        assertTrue(backend.decides(Question.SUBSCRIBE, ""));
        assertFalse(backend.decides(Question.SEND, ""));
    }

    @Test
    void nobodyThereIsTryAgain() throws IOException {
        int port = port();
        backend.close();
        server.stop(0);
        backend = backend(port, Duration.ofSeconds(5), 4);
        assertTryAgain(got(backend.rpc(new Backend.Rpc(ANN, "", Message.json("1")))));
    }
}
