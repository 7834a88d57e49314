package io.switchboard.checks.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Thousands of clients on one thread. Members are numbered; what they hear is kept as a {@link Ledger} each, so that a
 * test can prove that nothing was lost, nothing came twice, and the order of each sender and topic was kept.
 *
 * <p>All state belongs to the one thread that selects; every other thread gets in by {@link #ask} only.
 */
public final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECTING_MAX = 200;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final long TICK_MILLIS = 5;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final AtomicLong messages = new AtomicLong();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final List<CrowdMember> members = new ArrayList<>();
    private final List<Recital> recitals = new ArrayList<>();
    private volatile boolean closing;

    private Crowd(Selector selector) {
        this.selector = selector;
        this.thread = Thread.ofPlatform().name("crowd").daemon().unstarted(this::run);
    }

    /** One connection per address, in their order; returns when all are upgraded. */
    public static Crowd connect(List<URI> addresses) {
        try {
            var crowd = new Crowd(Selector.open());
            crowd.thread.start();
            try {
                crowd.join(addresses);
            } catch (AssertionError e) {
                // Those who are connected must not stay for the next test.
                crowd.close();
                throw e;
            }
            return crowd;
        } catch (IOException e) {
            throw new UncheckedIOException("no selector", e);
        }
    }

    /** Further members, numbered on. */
    public void join(List<URI> addresses) {
        int first = size();
        var rest = addresses.iterator();
        Await.until("everybody to be connected", PATIENCE, () -> ask(() -> connectSome(rest)), waiting -> waiting == 0);
        var refused = endings();
        refused.keySet().removeIf(member -> member < first);
        if (!refused.isEmpty()) {
            throw new AssertionError(
                    refused.size() + " of " + addresses.size() + " are not connected: " + some(refused));
        }
    }

    /** A few at a time, for the queue of a listening socket is short. Gives how many are not there yet. */
    private int connectSome(Iterator<URI> rest) {
        int waiting = (int) members.stream()
                .filter(member -> !member.upgraded() && !member.ended())
                .count();
        try {
            while (rest.hasNext() && waiting < CONNECTING_MAX) {
                members.add(CrowdMember.connect(rest.next(), selector));
                waiting++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open connection " + members.size(), e);
        }
        return waiting;
    }

    public int size() {
        return ask(members::size);
    }

    public void send(int member, String text) {
        ask(() -> {
            members.get(member).send(Frame.text(text));
            return member;
        });
    }

    /** Says the lines at this pace; returns when the last one is said. */
    public void say(List<Line> lines, int perSecond) {
        begin(lines, perSecond).join();
    }

    /** The same, beside whatever the test does meanwhile. */
    public CompletableFuture<Integer> begin(List<Line> lines, int perSecond) {
        var recital = new Recital(lines.iterator(), perSecond);
        ask(() -> recitals.add(recital));
        return recital.done;
    }

    /** How many messages have come to all members together. */
    public long messages() {
        return messages.get();
    }

    public void awaitMessages(long count, Duration patience) {
        Await.until(count + " messages", patience, this::messages, now -> now >= count);
    }

    public Ledger ledger(int member) {
        return ask(() -> members.get(member).ledger.copy());
    }

    /** What differs from what is expected of each member (messages per stream), with the member's number before it. */
    public List<String> differences(Map<Integer, Map<String, Integer>> expected) {
        return ask(() -> {
            var differences = new ArrayList<String>();
            for (int i = 0; i < members.size(); i++) {
                int member = i;
                members.get(i)
                        .ledger
                        .differences(expected.getOrDefault(i, Map.of()))
                        .forEach(text -> differences.add("member " + member + ": " + text));
            }
            return differences;
        });
    }

    /** The members whose connection has ended, and how. */
    public Map<Integer, String> endings() {
        return ask(() -> {
            var endings = new HashMap<Integer, String>();
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).ended()) {
                    endings.put(i, members.get(i).ending());
                }
            }
            return endings;
        });
    }

    /** Ends a connection with a reset. */
    public void abort(int member) {
        ask(() -> {
            members.get(member).abort();
            return member;
        });
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lines still to be said, and how fast. */
    private static final class Recital {
        final CompletableFuture<Integer> done = new CompletableFuture<>();
        private final Iterator<Line> lines;
        private final int perSecond;
        private final long startNanos = System.nanoTime();
        private int said;

        Recital(Iterator<Line> lines, int perSecond) {
            this.lines = lines;
            this.perSecond = perSecond;
        }

        /** Says what is due; whether that was all. */
        boolean proceed(List<CrowdMember> members) {
            long due = (System.nanoTime() - startNanos) * perSecond / 1_000_000_000L + 1;
            try {
                while (lines.hasNext() && said < due) {
                    var line = lines.next();
                    members.get(line.member()).send(Frame.text(line.text()));
                    said++;
                }
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                return true;
            }
            return !lines.hasNext() && done.complete(said);
        }
    }

    private <T> T ask(Supplier<T> question) {
        if (!thread.isAlive()) {
            throw new IllegalStateException("the crowd has gone home");
        }
        var answer = new CompletableFuture<T>();
        asked.add(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        selector.wakeup();
        return answer.join();
    }

    private void run() {
        try (selector) {
            while (!closing) {
                selector.select(this::ready, recitals.isEmpty() ? 1_000 : TICK_MILLIS);
                for (var question = asked.poll(); question != null; question = asked.poll()) {
                    question.run();
                }
                recitals.removeIf(recital -> recital.proceed(members));
            }
            members.forEach(member -> member.end("the crowd went home"));
        } catch (IOException e) {
            throw new UncheckedIOException("the crowd cannot select", e);
        }
    }

    private void ready(SelectionKey key) {
        var member = (CrowdMember) key.attachment();
        try {
            messages.addAndGet(member.ready(buffer));
        } catch (RuntimeException | AssertionError e) {
            member.end("failed: " + e);
        }
    }

    private static String some(Map<Integer, String> endings) {
        return endings.entrySet().stream().limit(5).toList().toString();
    }
}
