package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.WsClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the published message program does wrong, and this one does not: R1, R2, R2b, R4, R5, R6. */
class MessageFaultsTest {
    private static final int MANY = 200;

    @RegisterExtension
    static final TwoNodes NODES = TwoNodes.start("message-rabbitmq");

    @Test
    void r1SenderIsPassedOverWhereConfigured() {
        try (var nodes = TwoNodes.start("message-rabbitmq", "protocols.message.to_sender=false");
                var anna = nodes.onA("/message");
                var beside = nodes.onA("/message");
                var ben = nodes.onB("/message")) {
            anna.sendText("not to me");
            beside.awaitText("not to me");
            ben.awaitText("not to me");
            anna.expectNothingMore();
            ben.sendText("from ben");
            anna.awaitText("from ben");
            ben.expectNothingMore();
        }
    }

    @Test
    void r2OrderOfEverySenderIsKeptUnderLoad() {
        verifyManySenders(1);
    }

    @Test
    void r2bFourSessionsOnANodeHearEverythingOnce() {
        verifyManySenders(4);
    }

    private static void verifyManySenders(int listenersOnEach) {
        var senders = List.of(NODES.onA("/message"), NODES.onA("/message"), NODES.onB("/message"));
        var listeners = IntStream.range(0, listenersOnEach)
                .boxed()
                .flatMap(i -> List.of(NODES.onA("/message"), NODES.onB("/message")).stream())
                .toList();
        var everybody = new ArrayList<>(senders);
        everybody.addAll(listeners);
        var sending = IntStream.range(0, senders.size())
                .mapToObj(who -> CompletableFuture.runAsync(
                        () -> IntStream.range(0, MANY)
                                .forEach(i -> senders.get(who).sendText(who + " " + i)),
                        Thread::startVirtualThread))
                .toList();
        var hearing = everybody.stream()
                .map(client -> CompletableFuture.runAsync(
                        () -> verifyHears(client, senders.size() * MANY), Thread::startVirtualThread))
                .toList();
        sending.forEach(CompletableFuture::join);
        hearing.forEach(CompletableFuture::join);
        everybody.forEach(WsClient::expectNothingMore);
        everybody.forEach(WsClient::leave);
    }

    private static void verifyHears(WsClient client, int count) {
        var next = new HashMap<String, Integer>();
        for (int i = 0; i < count; i++) {
            var words = client.nextText().split(" ", 2);
            assertEquals(next.merge(words[0], 1, Integer::sum) - 1, Integer.parseInt(words[1]));
        }
    }

    @Test
    void r4MessagesTo64KiBAreCarried() {
        try (var anna = NODES.onA("/message");
                var ben = NODES.onB("/message")) {
            for (int length : new int[] {8_192, 8_193, 65_536}) {
                anna.sendText("z".repeat(length));
                ben.awaitText("z".repeat(length));
                anna.awaitText("z".repeat(length));
            }
            anna.send(Frame.text("z".repeat(40_000)).unfinished());
            anna.send(Frame.continuation("y".repeat(20_000).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            ben.awaitText("z".repeat(40_000) + "y".repeat(20_000));
            anna.awaitText("z".repeat(40_000) + "y".repeat(20_000));
            anna.sendText("z".repeat(65_537));
            anna.awaitClose(1009);
            ben.expectNothingMore();
        }
    }

    @Test
    void r5AbruptEndIsNobodyElsesTrouble() {
        try (var anna = NODES.onA("/message")) {
            for (int i = 0; i < 20; i++) {
                var gone = i % 2 == 0 ? NODES.onA("/message") : NODES.onB("/message");
                gone.send(Frame.text("half of a mes").unfinished());
                gone.abort();
                anna.sendText("still here " + i);
                anna.awaitText("still here " + i);
            }
            Await.until("the others to be forgotten", () -> TwoNodes.sessions(NODES.nodeA()) == 1);
            Await.until("the others to be forgotten", () -> TwoNodes.sessions(NODES.nodeB()) == 0);
            anna.expectNothingMore();
        }
    }

    @Test
    void r6PageShowsTextsAndNeedsNobodyElse() {
        var page = NODES.ask("GET", "/");
        assertEquals(200, page.status());
        assertEquals(page.body(), NODES.ask("GET", "/index.html").body());
        for (var id : List.of("message", "sendBtn", "content")) {
            assertTrue(page.body().contains("id=\"" + id + "\""), id);
        }
        assertTrue(page.body().contains("data-path=\"/message\""), page.body());
        assertTrue(page.header("Content-Security-Policy").contains("default-src 'self'"));
        var script = NODES.ask("GET", "/message-page/page.js").body();
        var all = page.body()
                + script
                + NODES.ask("GET", "/message-page/page.css").body();
        for (var word :
                List.of("http://", "https://", "//cdn", "jquery", "innerHTML", "insertAdjacentHTML", "127.0.0.1")) {
            assertFalse(all.contains(word), word);
        }
        assertTrue(script.contains("textContent = text"), script);
        assertTrue(script.contains("setTimeout(connect"), script);
    }

    @Test
    void helloReachesEverybody() {
        try (var anna = NODES.onA("/message");
                var ben = NODES.onB("/message")) {
            var answer = NODES.ask("GET", "/publish-sub-send");
            assertEquals(200, answer.status());
            assertEquals("ok", answer.body());
            anna.awaitText("publish/subscribe hello");
            ben.awaitText("publish/subscribe hello");
        }
    }
}
