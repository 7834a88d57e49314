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
    private final Map<String, Integer> lost;
    private final List<String> faults;
    private long unstamped;
    private long repeats;

    Ledger() {
        this(new HashMap<>(), new HashMap<>(), new ArrayList<>());
    }

    private Ledger(Map<String, Integer> counts, Map<String, Integer> lost, List<String> faults) {
        this.counts = counts;
        this.lost = lost;
        this.faults = faults;
    }

    void hear(Stamp stamp) {
        int expected = counts.getOrDefault(stamp.stream(), 0);
        if (stamp.number() < expected) {
            repeats++;
        } else if (stamp.number() > expected) {
            lost.merge(stamp.stream(), stamp.number() - expected, Integer::sum);
        }
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
        var copy = new Ledger(new HashMap<>(counts), new HashMap<>(lost), new ArrayList<>(faults));
        copy.unstamped = unstamped;
        copy.repeats = repeats;
        return copy;
    }

    /** Messages of all streams that came again, or after a later one. */
    public long repeats() {
        return repeats;
    }

    /** How many different messages of a stream have come, with holes between them or not. */
    public int heard(String stream) {
        return count(stream) - lost.getOrDefault(stream, 0);
    }

    /** Messages that carried no stamp: notices and the like. */
    public long unstamped() {
        return unstamped;
    }

    /** How far a stream has come: how many messages, if it was without fault. */
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
