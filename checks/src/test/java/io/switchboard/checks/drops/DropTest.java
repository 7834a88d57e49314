package io.switchboard.checks.drops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Deadline;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.checks.drops.Listener.Absence;
import io.switchboard.checks.drops.Listener.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everybody is cut off for two seconds again and again, and comes back from where it was, to another node: whatever
 * the log still has is heard exactly once and in order, and of whatever it has not the listener is told.
 */
@Tag("component")
@Tag("node")
@Tag("slow")
@Tag("slow-drops")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DropTest {
    private static final int SECONDS = Integer.getInteger("switchboard.drops.seconds", 300);
    private static final int CROWD = Integer.getInteger("switchboard.drops.crowd", 10_000);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration TURN = Duration.ofMillis(7_500);
    private static final Duration DOWN = Duration.ofSeconds(4);

    private final Tally tally = new Tally();

    @Test
    void nothingIsLostOrHeardTwice() {
        int topics = 20;
        long last = SECONDS * 10L;
        try (var ground = Ground.of(3)) {
            var over = new CountDownLatch(1);
            var listeners = new ArrayList<Listener>();
            for (int i = 0; i < 300; i++) {
                List<String> its = List.of(topic(i % topics), topic((i + 7) % topics), topic((i + 13) % topics));
                listeners.add(listener(ground, i, its, false, twoSeconds(over)));
            }
            List<Thread> threads = start(listeners);
            var backend = new Backend(ground::http, tally);
            long begin = System.nanoTime() + 100_000_000;
            var talks = new ArrayList<Thread>();
            for (int i = 0; i < topics; i++) {
                String topic = topic(i);
                long first = begin + i * 5_000_000L;
                talks.add(Thread.startVirtualThread(() -> backend.talk(topic, first, Duration.ofMillis(100), 1, last)));
            }
            var outages = Thread.startVirtualThread(() -> killInTurn(ground));
            storm(listeners, talks, outages);
            tally.add("publishing took ms", (System.nanoTime() - begin) / 1_000_000);
            awaitAll(listeners, last);
            over.countDown();
            end(listeners, threads);
        }
        System.out.println("drops: " + SECONDS + " s, 300 listeners: " + tally);
        long subscriptions = tally.of("subscriptions");
        assertEquals(List.of(), tally.troubles());
        assertEquals(subscriptions * last, tally.of("deliveries"));
        assertTrue(tally.of("cuts") > 300L * SECONDS / 15, tally::toString);
        assertEquals(0, tally.of("gaps told"));
    }

    @Test
    void whoeverMissesTooMuchIsTold() {
        int seconds = Math.min(SECONDS, 60);
        long last = seconds * 200L;
        try (var ground = Ground.of(3)) {
            var over = new CountDownLatch(1);
            var listeners = new ArrayList<Listener>();
            for (int i = 0; i < 100; i++) {
                listeners.add(listener(ground, i, List.of("brief:busy"), true, twoSeconds(over)));
            }
            List<Thread> threads = start(listeners);
            var backend = new Backend(ground::http, tally);
            long begin = System.nanoTime();
            var talk =
                    Thread.startVirtualThread(() -> backend.talk("brief:busy", begin, Duration.ofMillis(50), 10, last));
            storm(listeners, List.of(talk), talk);
            tally.add("publishing took ms", (System.nanoTime() - begin) / 1_000_000);
            awaitAll(listeners, last);
            over.countDown();
            end(listeners, threads);
            assertTrue(
                    listeners.stream()
                            .allMatch(listener -> listener.tracks().getFirst().told() > 0),
                    "somebody was never told");
        }
        System.out.println("gaps: " + seconds + " s, 100 listeners: " + tally);
        assertEquals(List.of(), tally.troubles());
        assertEquals(100 * last, tally.of("deliveries") + tally.of("publications in gaps"));
    }

    /** Of a listener that comes back Redis is asked once for each of its topics; what the script does counts too. */
    @Test
    void everybodyComesBackAtOnce() {
        int topics = 100;
        try (var ground = Ground.of(2)) {
            var gate = new CountDownLatch(1);
            var over = new CountDownLatch(1);
            Absence absence = () -> {
                gate.await();
                return !over.await(200, TimeUnit.MILLISECONDS);
            };
            var listeners = new ArrayList<Listener>();
            for (int i = 0; i < CROWD; i++) {
                listeners.add(listener(ground, i, List.of(topic(i / 2 % topics)), false, absence));
            }
            List<Thread> threads = start(listeners);
            var backend = new Backend(ground::http, tally);
            publish(backend, topics, 1);
            awaitAll(listeners, 5);
            listeners.forEach(listener -> listener.cut(Cut.RESET));
            Await.until(
                    "the nodes to notice",
                    PATIENCE,
                    () -> ground.nodes().stream()
                            .mapToDouble(node -> node.metric("switchboard_sessions"))
                            .sum(),
                    sessions -> sessions == 0);
            publish(backend, topics, 6);
            try (RedisWire wire = ground.redis().wire()) {
                wire.call("CONFIG", "RESETSTAT");
                long begin = System.nanoTime();
                gate.countDown();
                awaitAll(listeners, 10);
                long millis = (System.nanoTime() - begin) / 1_000_000;
                String commands = wire.call("INFO", "commandstats").text();
                System.out.println("back: " + CROWD + " in " + millis + " ms: " + tally + "\n" + commands);
                assertTrue(calls(commands, "evalsha") <= CROWD * 11L / 10, commands);
                assertTrue(calls(commands, "subscribe") <= 4L * topics, commands);
            }
            over.countDown();
            end(listeners, threads);
        }
        assertEquals(List.of(), tally.troubles());
        assertEquals(10L * CROWD, tally.of("deliveries"));
    }

    private static long calls(String stats, String command) {
        var matcher = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(stats);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static void publish(Backend backend, int topics, long first) {
        for (int i = 0; i < topics; i++) {
            backend.publish(topic(i), first, 5);
        }
    }

    private static String topic(int number) {
        return "drops:" + number;
    }

    private static Absence twoSeconds(CountDownLatch over) {
        return () -> !over.await(ThreadLocalRandom.current().nextLong(1_800, 2_200), TimeUnit.MILLISECONDS);
    }

    private Listener listener(Ground ground, int number, List<String> topics, boolean gaps, Absence absence) {
        List<Track> tracks = topics.stream()
                .map(topic -> new Track("listener " + number, topic, gaps, tally))
                .toList();
        return new Listener(attempt -> ground.webSocket(number + attempt), tracks, absence, tally);
    }

    private List<Thread> start(List<Listener> listeners) {
        var threads = new ArrayList<Thread>();
        long expected = 0;
        for (Listener listener : listeners) {
            threads.add(Thread.startVirtualThread(listener));
            expected += listener.tracks().size();
            long enough = expected - 600;
            Await.until("some to be there", PATIENCE, () -> tally.of("subscriptions") >= enough);
        }
        long all = expected;
        Await.until("all to be there", PATIENCE, () -> tally.of("subscriptions") >= all);
        return threads;
    }

    /** Cuts one after the other, in an order of no meaning, so that each is cut once in a turn. */
    private static void storm(List<Listener> listeners, List<Thread> talks, Thread outages) {
        var order = new ArrayList<>(listeners);
        Collections.shuffle(order, new Random(5));
        var pace = TURN.dividedBy(order.size());
        Cut[] ways = Cut.values();
        for (int i = 0; outages.isAlive() || talks.stream().anyMatch(Thread::isAlive); i++) {
            var deadline = Deadline.in(pace);
            order.get(i % order.size()).cut(ways[(i + i / order.size()) % ways.length]);
            Await.until("the next cut to be due", deadline::passed);
        }
    }

    /** Each node once, with kill -9, at a quarter, half and three quarters of the time. */
    private void killInTurn(Ground ground) {
        long begin = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            long due = begin + TimeUnit.SECONDS.toNanos(SECONDS) * (i + 1) / 4;
            Await.until("the next kill to be due", Duration.ofHours(1), () -> System.nanoTime() >= due);
            ground.kill(i);
            tally.count("nodes killed");
            var back = Deadline.in(DOWN);
            Await.until("the node to be missed", PATIENCE, back::passed);
            ground.startAgain(i);
        }
    }

    private void awaitAll(List<Listener> listeners, long last) {
        Await.until(
                "everybody to have heard everything",
                PATIENCE,
                () -> listeners.stream()
                        .flatMap(listener -> listener.tracks().stream())
                        .filter(track -> track.position() < last)
                        .map(track -> track.topic() + " at " + track.position())
                        .limit(10)
                        .toList(),
                missing -> missing.isEmpty() || !tally.troubles().isEmpty());
    }

    private static void end(List<Listener> listeners, List<Thread> threads) {
        Await.until("all to have left", PATIENCE, () -> {
            listeners.forEach(listener -> listener.cut(Cut.RESET));
            return threads.stream().noneMatch(Thread::isAlive);
        });
    }
}
