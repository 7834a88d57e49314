package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.backplane.WireFormat;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.FaultProxy;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Node a reaches the broker over a line that can be spoiled, node b directly; each test has a cluster of its own. What
 * every broker must show is here.
 */
abstract class FaultsContract {
    static final Topic TOPIC = Topic.group("t");
    private static final AtomicInteger TESTS = new AtomicInteger();

    final String cluster = "faults" + TESTS.incrementAndGet();
    final FaultProxy line;
    final BridgeOpener direct;
    final BridgeOpener spoiled;
    final List<Peer> peers = new ArrayList<>();
    final Peer b;
    private final WireFormat published;

    /** @param opener for the broker at a port, which may be another on this machine that leads there */
    FaultsContract(String host, int port, IntFunction<BridgeOpener> opener, WireFormat published) {
        this.line = FaultProxy.inFrontOf(host, port);
        this.direct = opener.apply(port);
        this.spoiled = opener.apply(line.port());
        this.published = published;
        this.b = peer("b", direct);
    }

    @BeforeEach
    void listen() {
        b.linked();
        b.subscribe(TOPIC);
    }

    @AfterEach
    void closeAll() {
        peers.forEach(Peer::close);
        line.close();
    }

    final Peer peer(String name, BridgeOpener opener) {
        var peer = new Peer(name, (self, meters) -> opener.open(cluster, self, meters));
        peers.add(peer);
        return peer;
    }

    final void breakLine(Peer a) {
        line.refuse();
        Await.until("a to notice", () -> !a.backplane().isUp());
    }

    static List<Publication> hundred(Peer from) {
        return IntStream.range(0, 100)
                .mapToObj(i -> from.publication(TOPIC, Integer.toString(i)))
                .toList();
    }

    @Test
    void publishedFormatsNeverWait() {
        var a = peer("a", spoiled.with(published)).linked();
        var c = peer("c", direct.with(published)).linked();
        c.subscribe(TOPIC);
        breakLine(a);
        assertEquals(Remote.REFUSED, a.publish(TOPIC, "never").outcome());
        line.heal();
        a.awaitLinked();
        a.publish(TOPIC, "after");
        c.awaitTexts(TOPIC, List.of("after"));
    }

    @Test
    void topicsThatAPublishedFormatDoesNotCarryTravelNatively() {
        var a = peer("a", direct.with(published)).linked();
        var c = peer("c", direct.with(published)).linked();
        Topic other = Topic.of("other:1");
        assertFalse(a.backplane().echoes(other));
        assertTrue(a.backplane().echoes(TOPIC));
        c.subscribe(other);
        a.publish(a.publication(other, Message.binary(new byte[] {0, -1})));
        Await.until("c to hear it", () -> c.heard().size() == 1);
        assertEquals(a.self(), c.heard().getFirst().origin());
        assertEquals(Message.Kind.BINARY, c.heard().getFirst().message().kind());
    }

    @Test
    void whatHasNoFormIsRefusedAndItsNeighboursAreSent() {
        var a = peer("a", direct.with(published)).linked();
        a.subscribe(TOPIC);
        var sent = a.publishAll(List.of(
                a.publication(TOPIC, "1"),
                a.publication(TOPIC, Message.binary(new byte[3])),
                a.publication(TOPIC, "2")));
        assertEquals(
                List.of(Remote.ACCEPTED, Remote.REFUSED, Remote.ACCEPTED),
                sent.stream().map(Sent::outcome).toList());
        a.awaitTexts(TOPIC, List.of("1", "2"));
    }

    @Test
    void closingWhileTheLineIsDownSettlesEverything() {
        var a = peer("a", spoiled).linked();
        breakLine(a);
        var waiting = a.publishAll(hundred(a));
        var confirmed = a.backplane().subscribe(Topic.group("never")).toCompletableFuture();
        a.backplane().close();
        waiting.forEach(sent -> assertEquals(Remote.REFUSED, sent.outcome()));
        Await.until("the subscription to fail", confirmed::isCompletedExceptionally);
    }
}
