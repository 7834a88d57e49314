package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.hub.Authenticator;
import io.switchboard.hub.Handler;
import io.switchboard.hub.Limits;
import io.switchboard.hub.Session;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How connections end, from either side, and that nothing of them stays. */
class ClosingTest {
    private static TestServer server;
    private static final BlockingQueue<Session> OPENED = new LinkedBlockingQueue<>();
    private static final BlockingQueue<CompletableFuture<Handler.Decision>> ASKED = new LinkedBlockingQueue<>();

    /** Decides on messages that begin with "slow" when the test says so. */
    private static final Handler HANDLER = new Handler() {
        @Override
        public void onOpen(Session session) {
            OPENED.add(session);
        }

        @Override
        public CompletionStage<Decision> onPublish(Session session, Topic topic, Message message) {
            if (!message.asText().startsWith("slow")) {
                return ALLOWED;
            }
            var decision = new CompletableFuture<Decision>();
            ASKED.add(decision);
            return decision;
        }
    };

    @BeforeAll
    static void start() {
        Limits limits = TestServer.limits(
                64 << 10, 1 << 20, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(20));
        server = TestServer.withNode(config -> config.withHandler(HANDLER).withLimits(limits));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] text(String text) {
        return RawClient.frame(RawClient.TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] close(int code, String reason) {
        byte[] payload = ("  " + reason).getBytes(StandardCharsets.UTF_8);
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        return RawClient.frame(RawClient.CLOSE, true, payload);
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The session behind a client that has just joined. */
    private static Session opened() throws InterruptedException {
        return OPENED.take();
    }

    // The client closes

    @Test
    void clientsCloseIsAnswered() throws Exception {
        for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999}) {
            try (var client = server.join("/t/1")) {
                client.closeFrame(code, "why not?");
                assertEquals("why not?", client.expectClose(code).closeText());
                client.expectEnd();
            }
        }
    }

    @Test
    void emptyCloseIsAnsweredByAnEmptyOne() throws Exception {
        try (var client = server.join("/t/1")) {
            client.send(RawClient.frame(RawClient.CLOSE, true, new byte[0]));
            assertEquals("", client.read().latin1());
            client.expectEnd();
        }
    }

    @Test
    void endpointMayAnswerOtherwise() throws Exception {
        try (var client = server.join("/t/1")) {
            client.closeFrame(3001, "bye");
            assertEquals("see you", client.expectClose(1000).closeText());
        }
    }

    @Test
    void whatWasAskedBeforeTheCloseIsAnsweredBeforeIt() throws Exception {
        try (var client = server.join("/t/1")) {
            client.send(
                    join(text("one"), text("join g"), text("pub g two"), close(1000, ""), text("after"), text("x")));
            client.expectText("one");
            client.expectText("joined g");
            client.expectText("two");
            client.expectClose(1000);
            client.expectEnd();
        }
    }

    @Test
    void sessionIsGoneWhenTheClientHasItsAnswer() throws Exception {
        try (var client = server.join("/t/gone")) {
            client.closeFrame(1000, "");
            client.expectClose(1000);
            client.expectEnd();
            assertEquals(0, server.publish(Topic.user("gone"), "too late").local());
        }
    }

    // The server closes

    @Test
    void serversCloseIsAnsweredAndEnds() throws Exception {
        OPENED.clear();
        try (var client = server.join("/t/1")) {
            Session session = opened();
            client.text("last words");
            client.expectText("last words");
            server.node.hub().close(session.id(), new CloseReason(4001, "replaced 【x】" + "y".repeat(200)));
            RawClient.Frame close = client.expectClose(4001);
            assertTrue(close.closeText().startsWith("replaced 【x】yyy"));
            assertEquals(125, close.latin1().length());
            client.text("still talking");
            client.send(RawClient.frame(RawClient.PING, true, new byte[3]));
            client.closeFrame(4001, "");
            client.expectEnd();
        }
    }

    @Test
    void clientThatDoesNotAnswerIsNotWaitedForLong() throws Exception {
        server.awaitSessions(0);
        OPENED.clear();
        try (var client = server.join("/t/1")) {
            server.node.hub().close(opened().id(), CloseReason.GAP);
            client.expectClose(4010);
            client.text("still talking");
            client.expectEnd();
            server.awaitSessions(0);
        }
    }

    @Test
    void drainTellsEveryClientAndCompletes() throws Exception {
        try (var draining = TestServer.start();
                var polite = draining.join("/t/1");
                var silent = draining.join("/t/2")) {
            var done = draining.node.drain(Duration.ofMillis(20)).toCompletableFuture();
            polite.expectClose(1001);
            polite.closeFrame(1001, "");
            polite.expectEnd();
            silent.expectClose(1001);
            silent.reset();
            done.join();
            assertEquals(0, draining.node.hub().sessionCount());
        }
    }

    @Test
    void bugOfTheProtocolEndsThatConnectionAlone() throws Exception {
        try (var other = server.join("/t/2");
                var client = server.join("/t/1")) {
            client.text("fail");
            client.expectClose(1011);
            client.expectEnd();
            other.text("still here");
            other.expectText("still here");
        }
    }

    /** A backplane that confirms one topic when the test says so. */
    private record LateBackplane(Topic late, CompletableFuture<Void> asked, CompletableFuture<Void> confirmed)
            implements Backplane {
        @Override
        public void start(Listener listener) {
            listener.linkUp();
        }

        @Override
        public CompletionStage<Void> subscribe(Topic topic) {
            if (!topic.equals(late)) {
                return CompletableFuture.completedFuture(null);
            }
            asked.complete(null);
            return confirmed;
        }

        @Override
        public void unsubscribe(Topic topic) {}

        @Override
        public void publish(List<? extends Outgoing> batch) {
            batch.forEach(outgoing -> outgoing.settled(Remote.ACCEPTED));
        }

        @Override
        public boolean echoes(Topic topic) {
            return false;
        }

        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void clientThatIsReplacedBeforeItIsAdmittedIsToldSo() throws Exception {
        var asked = new CompletableFuture<Void>();
        var confirmed = new CompletableFuture<Void>();
        // Both are the same user; the path of the second names none.
        Authenticator door =
                (request, claimed) -> CompletableFuture.completedFuture(new Authenticator.Verdict.Accepted("1"));
        try (var own = TestServer.withNode(config -> config.withAuthenticator(door)
                        .withBackplane(new LateBackplane(Topic.user("1"), asked, confirmed))
                        .withLogins(
                                Directory.local(),
                                new LoginPolicy(LoginPolicy.Scope.USER, LoginPolicy.Strategy.NEWEST)));
                var first = own.connect();
                var second = own.connect()) {
            first.send(RawClient.upgradeRequest("/t/1"));
            asked.join();
            second.upgrade("/echo");
            second.text("in");
            second.expectText("in");
            // Closing the first was given to its loop before the second had its answer, so it comes before this.
            confirmed.complete(null);
            assertEquals(101, first.answer().status());
            first.expectClose(4001);
            first.closeFrame(4001, "");
            first.expectEnd();
            own.awaitSessions(1);
        }
    }

    // Pauses

    @Test
    void commandsWaitForOneUnderWayAndKeepTheirOrder() throws Exception {
        ASKED.clear();
        try (var client = server.join("/t/1")) {
            client.text("join p");
            client.expectText("joined p");
            client.send(join(text("pub p slow"), text("second"), text("third")));
            CompletableFuture<Handler.Decision> first = ASKED.take();
            var more = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                more.writeBytes(text(i + " " + "x".repeat(500)));
            }
            client.send(more.toByteArray());
            client.send(text("pub p slow again"));
            client.text("last");
            first.complete(Handler.Decision.ALLOW);
            // The publication comes with the turn's end, echoes that were waiting may be before it.
            var heard = new StringBuilder();
            for (int i = 0; i < 203; i++) {
                String text = client.read().text();
                heard.append(text, 0, Math.min(6, text.length())).append(';');
            }
            assertTrue(heard.indexOf("slow;") >= 0, heard.toString());
            String echoes = heard.toString().replace("slow;", "");
            assertTrue(echoes.startsWith("second;third;0 xxxx;1 xxxx;"), echoes);
            assertTrue(echoes.endsWith("199 xx;"), echoes);
            ASKED.take().complete(Handler.Decision.deny("no"));
            client.expectText("refused NOT_PERMITTED");
            client.expectText("last");
        }
    }

    @Test
    void pausedConnectionCanBeClosed() throws Exception {
        OPENED.clear();
        ASKED.clear();
        try (var client = server.join("/t/1")) {
            client.text("join q");
            client.expectText("joined q");
            Session session = opened();
            client.send(join(text("pub q slow"), text("second")));
            var decision = ASKED.take();
            client.send(join(text("x".repeat(20_000)), close(1000, "")));
            server.node.hub().close(session.id(), CloseReason.REPLACED);
            client.expectClose(4001);
            client.expectEnd();
            decision.complete(Handler.Decision.ALLOW);
        }
    }

    // Vanishing

    @Test
    void clientMayVanishAtAnyMoment() throws Exception {
        OPENED.clear();
        ASKED.clear();
        byte[] message = text("x".repeat(1_000));
        for (int round = 0; round < 20; round++) {
            RawClient atOnce = server.connect();
            atOnce.reset();
            RawClient inRequest = server.connect();
            inRequest.send("GET /t/1 HTTP/1.1\r\nHo");
            inRequest.reset();
            RawClient beforeAnswer = server.connect();
            beforeAnswer.send(RawClient.upgradeRequest("/t/1"));
            beforeAnswer.reset();
            RawClient inFrame = server.join("/t/1");
            inFrame.send(Arrays.copyOf(message, 3 + round * 40));
            inFrame.reset();
            RawClient inFragments = server.join("/t/1");
            inFragments.send(RawClient.frame(RawClient.TEXT, false, "half".getBytes(StandardCharsets.UTF_8)));
            inFragments.close();
            RawClient inClose = server.join("/t/1");
            inClose.send(join(text("a"), close(1000, "")));
            inClose.reset();
            RawClient paused = server.join("/t/1");
            paused.text("join v");
            paused.expectText("joined v");
            paused.send(join(text("pub v slow"), text("held"), message));
            var decision = ASKED.take();
            paused.reset();
            decision.complete(Handler.Decision.ALLOW);
        }
        server.awaitSessions(0);
        TestServer.await("connections gone", () -> server.meter("switchboard.connections.http") == 0);
        TestServer.await("WebSockets gone", () -> server.meter("switchboard.websockets") == 0);
        assertFalse(server.node.hub().isDraining());
    }

    @Test
    void clientMayVanishWhileItIsBeingClosed() throws Exception {
        OPENED.clear();
        for (int round = 0; round < 20; round++) {
            RawClient client = server.join("/t/1");
            server.node.hub().close(opened().id(), CloseReason.REPLACED);
            client.expectClose(4001);
            if (round % 2 == 0) {
                client.reset();
            } else {
                client.close();
            }
        }
        TestServer.await("connections gone", () -> server.meter("switchboard.websockets") == 0);
    }
}
