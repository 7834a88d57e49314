package io.switchboard.checks.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one member of a crowd has heard: per stream only how far it counted, and every break of the count in words. For
 * one thread; a copy is for whoever likes.
 */
public final class Ledger {
    private static final int FAULTS_MAX = 20;

    private final Map<String, Integer> counts;
    private final List<String> faults;
    private long unstamped;

    Ledger() {
        this(new HashMap<>(), new ArrayList<>(), 0);
    }

    private Ledger(Map<String, Integer> counts, List<String> faults, long unstamped) {
        this.counts = counts;
        this.faults = faults;
        this.unstamped = unstamped;
    }

    void hear(Stamp stamp) {
        int expected = counts.getOrDefault(stamp.stream(), 0);
        if (stamp.number() != expected && faults.size() < FAULTS_MAX) {
            var kind = stamp.number() < expected ? "repeated or late" : "something lost before";
            faults.add(stamp.stream() + ": " + stamp.number() + " came instead of " + expected + " (" + kind + ")");
        }
        counts.put(stamp.stream(), Math.max(expected, stamp.number() + 1));
    }

    void hearUnstamped() {
        unstamped++;
    }

    Ledger copy() {
        return new Ledger(new HashMap<>(counts), new ArrayList<>(faults), unstamped);
    }

    /** Messages that carried no stamp: notices and the like. */
    public long unstamped() {
        return unstamped;
    }

    /** How many messages of a stream have come, if it was without fault. */
    public int count(String stream) {
        return counts.getOrDefault(stream, 0);
    }

    /** Everything that is not exactly as expected (messages per stream): lost, repeated, in disorder, uncalled for. */
    public List<String> differences(Map<String, Integer> expected) {
        var differences = new ArrayList<>(faults);
        expected.forEach((stream, count) -> {
            if (count(stream) != count) {
                differences.add(stream + ": " + count(stream) + " of " + count + " came");
            }
        });
        counts.forEach((stream, count) -> {
            if (!expected.containsKey(stream)) {
                differences.add(stream + ": " + count + " came uncalled for");
            }
        });
        return differences;
    }

    @Override
    public String toString() {
        return counts + (faults.isEmpty() ? "" : " with faults " + faults);
    }
}
