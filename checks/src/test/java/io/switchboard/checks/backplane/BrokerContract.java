package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The musts that only a broker which fails can show. */
abstract class BrokerContract extends BackplaneContract {
    /** 2 s without an answer to a ping sent at most 1 s after the last, and some time for a busy machine. */
    private static final Duration NOTICED = Duration.ofSeconds(6);
    /** Noticing, plus the time a publication may wait for the link. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    protected abstract Broker broker();

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return broker().opener().open(cluster, self, meters);
    }

    @Override
    protected boolean carriesOrigin() {
        return broker().opener().format().carriesOrigin();
    }

    @Test
    void must1and5AStoppedBrokerIsNoticedAndUsedAgainWhenItGoesOn() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("t");
        b.subscribe(topic);
        broker().freeze();
        try {
            Await.until(
                    "both to notice",
                    NOTICED,
                    () -> !a.backplane().isUp() && !b.backplane().isUp());
            swift("publish to a stopped broker", () -> a.publish(topic, "lost or late"));
            swift("subscribe at a stopped broker", () -> a.backplane().subscribe(topic("later")));
        } finally {
            broker().thaw();
        }
        a.awaitLinked();
        b.awaitLinked();
        a.awaitNews("up", "down", "up");
        b.awaitNews("up", "down", "up");
        a.publish(topic, "after");
        b.awaitText(topic, "after");
    }

    @Test
    void must2and3UnderAStoppedBrokerAllIsSettledNothingIsTwiceAndOrderIsKept() {
        underLoad(() -> {
            broker().freeze();
            pause(Duration.ofSeconds(5));
            broker().thaw();
        });
    }

    @Test
    void must2and3UnderAKilledBrokerAllIsSettledNothingIsTwiceAndOrderIsKept() {
        underLoad(() -> {
            broker().kill();
            pause(Duration.ofSeconds(1));
            broker().restart();
        });
    }

    /** Two nodes publish to each other all the time while something happens to the broker. */
    protected void underLoad(Runnable mishap) {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic toA = topic("to-a");
        Topic toB = topic("to-b");
        a.subscribe(toA);
        b.subscribe(toB);
        var going = new boolean[] {true};
        BooleanSupplier goOn = () -> {
            synchronized (going) {
                return going[0];
            }
        };
        var sentToB = CompletableFuture.supplyAsync(() -> publishWhile(goOn, a, toB), Thread::startVirtualThread);
        var sentToA = CompletableFuture.supplyAsync(() -> publishWhile(goOn, b, toA), Thread::startVirtualThread);
        // Of the second batch: the first one has been settled by then, in peace.
        a.awaitText(toA, "4");
        b.awaitText(toB, "4");
        mishap.run();
        a.awaitLinked();
        b.awaitLinked();
        synchronized (going) {
            going[0] = false;
        }
        checkSettled(sentToB.join());
        checkSettled(sentToA.join());
        a.publish(toB, "end");
        b.publish(toA, "end");
        b.awaitText(toB, "end");
        a.awaitText(toA, "end");
        checkHeard(b.textsOn(toB));
        checkHeard(a.textsOn(toA));
    }

    private static List<Sent> publishWhile(BooleanSupplier goOn, Peer peer, Topic topic) {
        var sent = new ArrayList<Sent>();
        while (goOn.getAsBoolean()) {
            var batch = new ArrayList<Publication>();
            for (int i = 0; i < 4; i++) {
                batch.add(peer.publication(topic, Integer.toString(sent.size() + i)));
            }
            sent.addAll(peer.publishAll(batch));
            sent.getFirst().outcome();
            pause(Duration.ofMillis(2));
        }
        return sent;
    }

    private static void checkSettled(List<Sent> sent) {
        for (Sent one : sent) {
            one.outcome();
            assertEquals(1, one.times(), () -> one.text() + " was settled more than once");
            assertTrue(one.took().compareTo(SETTLED) < 0, () -> one.text() + " was settled after " + one.took());
        }
        assertEquals(Remote.ACCEPTED, sent.getFirst().outcome());
    }

    private static void checkHeard(List<String> texts) {
        assertEquals(texts.size(), new HashSet<>(texts).size(), "something was heard twice");
        var numbers = texts.stream()
                .filter(text -> !text.equals("end"))
                .map(Integer::valueOf)
                .toList();
        assertEquals(numbers.stream().sorted().toList(), numbers, "not in order");
    }

    /** Lets time pass: the only thing under test is what happens meanwhile. */
    protected static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Await.until("time to pass", time.plusSeconds(5), () -> System.nanoTime() >= end);
    }

    @Test
    void must5WhatWasSubscribedWhileTheBrokerIsAwayIsConfirmedWhenItIsBack() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic before = topic("before");
        Topic meanwhile = topic("meanwhile");
        b.subscribe(before);
        broker().kill();
        Await.until(
                "it to be noticed",
                NOTICED,
                () -> !a.backplane().isUp() && !b.backplane().isUp());
        var confirmed = b.backplane().subscribe(meanwhile).toCompletableFuture();
        assertFalse(confirmed.isDone());
        broker().restart();
        confirmed.join();
        a.awaitLinked();
        b.awaitLinked();
        a.publish(before, "1");
        a.publish(meanwhile, "2");
        b.awaitText(before, "1");
        b.awaitText(meanwhile, "2");
    }

    @Test
    void must5ANodeThatStartsWithoutBrokerIsLinkedWhenThereIsOne() {
        broker().kill();
        var a = peer("a");
        a.backplane().start(a);
        var confirmed = a.backplane().subscribe(topic("t")).toCompletableFuture();
        assertFalse(a.backplane().isUp());
        broker().restart();
        confirmed.join();
        a.awaitLinked();
        a.awaitNews("up");
    }

    @Test
    void must8GarbageIsCountedAndHarmless() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("t");
        b.subscribe(topic);
        var random = new Random(8);
        int count = 3_000;
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            broker().putGarbage(clusterName(), topic, bytes);
            if (i % 500 == 0) {
                a.publish(topic, "between " + i);
            }
        }
        a.publish(topic, "after");
        b.awaitText(topic, "after");
        Await.until(
                "all garbage to be counted",
                () -> b.meters().sum("switchboard.backplane.garbage"),
                counted -> counted == count);
        assertEquals(7, b.heard().size());
        b.awaitNews("up");
    }
}
