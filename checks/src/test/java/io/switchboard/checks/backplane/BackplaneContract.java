package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link Backplane}, by the numbers of its musts, for backplanes without a broker that could fail. Each
 * implementation extends this, or {@link BrokerContract}. Every test has a cluster and topics of its own.
 */
abstract class BackplaneContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final List<Peer> peers = new ArrayList<>();
    private String unique = "";

    /** A new backplane of a node in a cluster of that name, not yet started. */
    protected abstract Backplane open(String cluster, Origin self, Meters meters);

    /** Whether receivers can tell origins and repeats. */
    protected boolean carriesOrigin() {
        return true;
    }

    @BeforeEach
    void anotherCluster() {
        unique = Long.toString(System.nanoTime(), 36) + TESTS.incrementAndGet();
    }

    @AfterEach
    void closePeers() {
        peers.forEach(Peer::close);
    }

    protected Peer peer(String name) {
        return peer(name, this::open);
    }

    /** How a test's own way of opening is told the cluster. */
    protected interface ClusterOpener {
        Backplane open(String cluster, Origin self, Meters meters);
    }

    protected Peer peer(String name, ClusterOpener opener) {
        var peer = new Peer(name, (self, meters) -> opener.open(clusterName(), self, meters));
        peers.add(peer);
        return peer;
    }

    protected String clusterName() {
        return "c" + unique;
    }

    protected Topic topic(String name) {
        return Topic.group(name + "-" + unique);
    }

    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    // ---- 1

    @Test
    void must1WhatIsPublishedAfterTheConfirmationIsHeard() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        for (int i = 0; i < 50; i++) {
            Topic topic = topic("t" + i);
            b.subscribe(topic);
            a.publish(topic, "now");
            b.awaitTexts(topic, List.of("now"));
        }
    }

    @Test
    void must1ManySubscriptionsAtOnceAreEachConfirmed() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        var topics = IntStream.range(0, 2_000).mapToObj(i -> topic("many" + i)).toList();
        var confirmations = topics.stream().map(b.backplane()::subscribe).toList();
        confirmations.forEach(confirmed -> confirmed.toCompletableFuture().join());
        a.publishAll(topics.stream().map(topic -> a.publication(topic, "x")).toList());
        Await.until("all to be heard", () -> b.heard().size(), size -> size == topics.size());
    }

    @Test
    void must1UpIsToldOnceAndIsTrue() {
        var a = peer("a").linked();
        a.awaitNews("up");
        assertTrue(a.backplane().isUp());
    }

    // ---- 2

    @Test
    void must2OrderIsKeptPerNodeAndTopicFromManyThreads() throws InterruptedException {
        var a = peer("a").linked();
        var b = peer("b").linked();
        int threads = 4;
        int batches = 250;
        int perBatch = 8;
        var topics = IntStream.range(0, threads).mapToObj(i -> topic("o" + i)).toList();
        topics.forEach(b::subscribe);
        var running = topics.stream()
                .map(topic -> Thread.ofVirtual().start(() -> {
                    for (int batch = 0; batch < batches; batch++) {
                        int from = batch * perBatch;
                        a.publishAll(IntStream.range(from, from + perBatch)
                                .mapToObj(i -> a.publication(topic, Integer.toString(i)))
                                .toList());
                    }
                }))
                .toList();
        for (Thread thread : running) {
            thread.join();
        }
        topics.forEach(topic -> b.awaitTexts(topic, numbers(batches * perBatch)));
    }

    @Test
    void must2RepeatsAreDropped() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("twice");
        b.subscribe(topic);
        var first = a.publication(topic, "first");
        var second = a.publication(topic, "second");
        a.publishAll(List.of(first, second, first));
        a.publish(second);
        a.publish(topic, "last");
        b.awaitText(topic, "last");
        assertEquals(
                carriesOrigin()
                        ? List.of("first", "second", "last")
                        : List.of("first", "second", "first", "second", "last"),
                b.textsOn(topic));
    }

    // ---- 3

    @Test
    void must3EveryPublicationIsSettledOnceAndAcceptedWhileUp() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic heard = topic("heard");
        Topic unheard = topic("unheard");
        b.subscribe(heard);
        var sent = new ArrayList<Sent>();
        for (int i = 0; i < 100; i++) {
            sent.addAll(a.publishAll(List.of(a.publication(heard, "h" + i), a.publication(unheard, "u" + i))));
        }
        sent.forEach(one -> assertEquals(Remote.ACCEPTED, one.outcome()));
        b.awaitText(heard, "h99");
        sent.forEach(one -> assertEquals(1, one.times()));
    }

    @Test
    void must3WhatIsPublishedAfterCloseIsRefused() {
        var a = peer("a").linked();
        a.backplane().close();
        assertEquals(Remote.REFUSED, a.publish(topic("t"), "late").outcome());
        assertFalse(a.backplane().isUp());
    }

    @Test
    void must3CloseSettlesWhatIsUnderWay() {
        var a = peer("a").linked();
        var sent = new ArrayList<Sent>();
        for (int i = 0; i < 200; i++) {
            sent.add(a.publish(topic("t"), Integer.toString(i)));
        }
        a.backplane().close();
        a.backplane().close();
        sent.forEach(one -> {
            one.outcome();
            assertEquals(1, one.times());
        });
    }

    // ---- 4

    @Test
    void must4NoMethodBlocks() {
        var a = peer("a");
        swift("start", () -> a.backplane().start(a));
        a.awaitLinked();
        swift("subscribe", () -> a.backplane().subscribe(topic("t")));
        swift("publish", () -> a.publish(topic("t"), "x"));
        swift("unsubscribe", () -> a.backplane().unsubscribe(topic("t")));
        swift("close", () -> a.backplane().close());
    }

    /** Far less than any broker needs to be given up, far more than a busy machine needs for a call. */
    static void swift(String what, Runnable call) {
        long start = System.nanoTime();
        call.run();
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofMillis(900)) < 0, () -> what + " took " + took);
    }

    // ---- 6 and 7

    @Test
    void must6SubscribingTwiceIsHeardOnce() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("t");
        b.subscribe(topic);
        b.subscribe(topic);
        a.publish(topic, "1");
        a.publish(topic, "2");
        b.awaitTexts(topic, List.of("1", "2"));
    }

    @Test
    void must7OnlyThoseWhoListenHear() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        var c = peer("c").linked();
        Topic one = topic("one");
        Topic other = topic("other");
        b.subscribe(one);
        c.subscribe(other);
        a.publishAll(List.of(a.publication(one, "1"), a.publication(other, "2")));
        b.awaitTexts(one, List.of("1"));
        c.awaitTexts(other, List.of("2"));
        assertEquals(1, b.heard().size());
        assertEquals(1, c.heard().size());
    }

    @Test
    void must7NothingIsHeardAfterUnsubscribing() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic left = topic("left");
        Topic kept = topic("kept");
        b.subscribe(left);
        b.backplane().unsubscribe(left);
        b.subscribe(kept);
        a.publishAll(List.of(a.publication(left, "1"), a.publication(kept, "2")));
        b.awaitTexts(kept, List.of("2"));
        assertEquals(1, b.heard().size());
    }

    @Test
    void aTopicThatIsLeftAndJoinedAgainAtOnceIsHeardOnce() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("t");
        for (int i = 0; i < 20; i++) {
            b.backplane().subscribe(topic);
            b.backplane().unsubscribe(topic);
        }
        b.subscribe(topic);
        a.publish(topic, "x");
        a.publish(topic, "y");
        b.awaitTexts(topic, List.of("x", "y"));
    }

    // ---- what is said beside the numbers

    @Test
    void aNodeHearsItselfOnlyWhereTheBackplaneSaysSo() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("t");
        a.subscribe(topic);
        b.subscribe(topic);
        a.publish(topic, "mine");
        b.awaitTexts(topic, List.of("mine"));
        b.publish(topic, "yours");
        a.awaitText(topic, "yours");
        assertEquals(a.backplane().echoes(topic) ? List.of("mine", "yours") : List.of("yours"), a.textsOn(topic));
    }

    @Test
    void largeMessagesArriveWhole() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("large");
        b.subscribe(topic);
        String large = "0123456789abcdef".repeat(1 << 16);
        List<Publication> batch =
                List.of(a.publication(topic, large), a.publication(topic, ""), a.publication(topic, large));
        a.publishAll(batch).forEach(sent -> assertEquals(Remote.ACCEPTED, sent.outcome()));
        b.awaitTexts(topic, List.of(large, "", large));
    }

    @Test
    void subscribingFailsWhenClosed() {
        var a = peer("a").linked();
        a.backplane().close();
        var late = a.backplane().subscribe(topic("t")).toCompletableFuture();
        assertThrows(ExecutionException.class, late::get);
    }
}
