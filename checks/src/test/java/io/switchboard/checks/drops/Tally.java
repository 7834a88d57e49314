package io.switchboard.checks.drops;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** What happened to all listeners together: counts, and whatever should not have happened. */
final class Tally {
    private static final int TROUBLES_MAX = 50;

    private final ConcurrentMap<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final AtomicLong troubled = new AtomicLong();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long number) {
        counts.computeIfAbsent(what, _new -> new AtomicLong()).addAndGet(number);
    }

    long of(String what) {
        AtomicLong count = counts.get(what);
        return count == null ? 0 : count.get();
    }

    void trouble(String text) {
        if (troubled.incrementAndGet() <= TROUBLES_MAX) {
            troubles.add(text);
        }
    }

    /** The first of them. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList()
                + ", troubles " + troubled;
    }
}
