package io.switchboard.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.MemoryBackplane;
import io.switchboard.hub.Handler;
import io.switchboard.hub.Session;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.node.NodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients of streams say over requests of their own. */
class UplinkTest {
    private static final BlockingQueue<CompletableFuture<Handler.Decision>> ASKED = new LinkedBlockingQueue<>();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.withNode(config -> config.withHandler(new Handler() {
            @Override
            public CompletionStage<Decision> onPublish(Session session, Topic topic, Message message) {
                if (!message.asText().startsWith("slow")) {
                    return ALLOWED;
                }
                var decision = new CompletableFuture<Decision>();
                ASKED.add(decision);
                return decision;
            }
        }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A stream that has told where to say more: what stands before that in the body of a request. */
    private static String uplink(RawClient stream) throws Exception {
        stream.stream("/lines/1", "uplink");
        return stream.chunk().stripTrailing() + " ";
    }

    private static int say(RawClient client, String body) throws Exception {
        return client.posted("/say", body).status();
    }

    @Test
    void whatIsSaidIsAnsweredInTheStream() throws Exception {
        try (var stream = server.connect();
                var client = server.connect()) {
            String to = uplink(stream);
            for (int i = 0; i < 100; i++) {
                assertEquals(204, say(client, to + "é" + i));
                stream.expectLine("é" + i);
            }
            assertEquals(204, say(client, to + "join a;one;join b;uplink"));
            stream.expectLine("joined a");
            stream.expectLine("one");
            stream.expectLine("joined b");
            stream.expectLine(to.strip());
        }
    }

    @Test
    void itMayBeSaidToAnyNode() throws Exception {
        var bus = new MemoryBackplane.Bus();
        try (var here = TestServer.withNode(config -> config.withBackplane(new MemoryBackplane(bus)));
                var there = TestServer.withNode(config ->
                        config.withBackplane(new MemoryBackplane(bus)).withOrigin(NodeConfig.newOrigin("b")));
                var stream = here.connect();
                var client = there.connect()) {
            TestServer.await("they know each other", () -> there.meter("switchboard.peers") == 1);
            String to = uplink(stream);
            assertEquals(204, say(client, to + "é"));
            stream.expectLine("é");
            assertEquals(404, say(client, to.substring(0, to.indexOf(' ')) + " guessed x"));
        }
    }

    @Test
    void bytesAreTakenAsBytes() throws Exception {
        try (var stream = server.connect();
                var client = server.connect()) {
            byte[] body = (uplink(stream) + "\u00ff\0").getBytes(ISO_8859_1);
            client.post("/say", body, "Content-Type: application/octet-stream");
            assertEquals(204, client.answer().status());
            assertEquals("\ufffd\0\n", stream.chunk());
        }
    }

    @Test
    void whoeverIsNotThereIsNotFound() throws Exception {
        try (var client = server.connect()) {
            var stream = server.connect();
            String to = uplink(stream);
            String node = to.substring(0, to.indexOf(' '));
            assertEquals(404, say(client, node + " guessed x"));
            assertEquals(404, say(client, node + "  x"));
            assertEquals(404, say(client, "elsewhere" + to.substring(to.indexOf(' ')) + "x"));
            assertEquals(204, say(client, to + "x"));
            stream.expectLine("x");
            stream.close();
            TestServer.await("not found", () -> {
                try {
                    return say(client, to + "x") == 404;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void whatCannotBeReadIsRefused() throws Exception {
        try (var client = server.connect()) {
            assertEquals(400, say(client, "x"));
            assertEquals(400, say(client, ""));
            assertEquals(413, say(client, "a b " + "x".repeat(64 << 10)));
            client.post("/say", new byte[] {'a', ' ', 'b', ' ', (byte) 0xff});
            assertEquals(400, client.answer().status());
            var get = client.get("/say");
            assertEquals(405, get.status());
        }
    }

    /** As a WebSocket is not read from while a command is under way. */
    @Test
    void whatIsSaidWaitsForTheCommandUnderWay() throws Exception {
        try (var stream = server.connect();
                var client = server.connect();
                var other = server.connect()) {
            String to = uplink(stream);
            assertEquals(204, say(client, to + "join g;pub g slow"));
            stream.expectLine("joined g");
            var decision = ASKED.take();
            // One more than an outlet holds: that one is refused, the others have no answer yet.
            int length = 60_000;
            String pad = "x".repeat(length - 2);
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 10; i <= 10 + (1 << 20) / length; i++) {
                RawClient next = server.connect();
                next.post("/say", (to + i + pad).getBytes(ISO_8859_1));
                waiting.add(next);
            }
            TestServer.await("an answer", () -> waiting.stream().anyMatch(UplinkTest::hasAnswer));
            var answered = waiting.stream().filter(UplinkTest::hasAnswer).toList();
            assertEquals(1, answered.size());
            waiting.removeAll(answered);
            var answer = answered.getFirst().answer();
            assertEquals(503, answer.status());
            assertEquals("1", answer.header("retry-after"));
            answered.getFirst().close();
            assertEquals(404, say(other, "x y z"));
            decision.complete(Handler.Decision.ALLOW);
            stream.expectLine("slow");
            var heard = new HashSet<String>();
            for (int i = 0; i < waiting.size(); i++) {
                String line = stream.chunk();
                assertTrue(line.endsWith(pad + "\n"));
                heard.add(line);
            }
            assertEquals(waiting.size(), heard.size());
            for (RawClient one : waiting) {
                assertEquals(204, one.answer().status());
                one.close();
            }
        }
    }

    private static boolean hasAnswer(RawClient client) {
        try {
            return client.input().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatWaitsWhenTheClientGoesIsNotTaken() throws Exception {
        try (var client = server.connect();
                var second = server.connect()) {
            var stream = server.connect();
            String to = uplink(stream);
            assertEquals(204, say(client, to + "join h;pub h slow"));
            var decision = ASKED.take();
            client.post("/say", (to + "x").getBytes(ISO_8859_1));
            stream.close();
            assertEquals(404, client.answer().status());
            decision.complete(Handler.Decision.ALLOW);
            assertEquals(404, say(second, to + "x"));
        }
    }

    @Test
    void nonsenseHarmsNobody() throws Exception {
        var random = new Random(42);
        try (var stream = server.connect();
                var client = server.connect()) {
            String to = uplink(stream);
            for (int i = 0; i < 2_000; i++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                boolean addressed = random.nextBoolean();
                byte[] body = addressed ? (to + "pub " + new String(noise, ISO_8859_1)).getBytes(ISO_8859_1) : noise;
                String type = random.nextBoolean() ? "application/octet-stream" : "application/json";
                if (addressed && type.equals("application/octet-stream")) {
                    continue;
                }
                client.post("/say", body, "Content-Type: " + type);
                int status = client.answer().status();
                assertTrue(List.of(204, 400, 404).contains(status), () -> "status " + status);
            }
            assertEquals(204, say(client, to + "still there"));
            String line = stream.chunk();
            while (!line.equals("still there\n")) {
                assertFalse(line.isEmpty());
                line = stream.chunk();
            }
        }
        server.awaitSessions(0);
    }
}
