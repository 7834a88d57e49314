package io.switchboard.directory;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one node thinks of the others' lives. A node's lease has lapsed when its heartbeat has not moved for that long
 * while we were looking: the time in which we slept, or the store did not answer, is not held against it. Clocks of
 * other machines play no part. Safe from any thread.
 */
public final class NodeTable {
    private static final int FORGOTTEN_LEASES = 360;

    private static final class Seen {
        long count;
        long stillNanos;
    }

    private final long self;
    private final long leaseNanos;
    private final Map<Long, Seen> nodes = new HashMap<>();
    private long lookedAt;
    private boolean looked;
    private volatile Set<Long> lapsed = Set.of();

    /** @param self our own incarnation, which never lapses in our eyes */
    public NodeTable(long self, long leaseNanos) {
        this.self = self;
        this.leaseNanos = leaseNanos;
    }

    /** The store was asked, and has told these heartbeats. */
    public synchronized void observe(Map<Long, Long> counts, long nowNanos) {
        long watched = looked ? Math.clamp(nowNanos - lookedAt, 0, leaseNanos / 4) : 0;
        looked = true;
        lookedAt = nowNanos;
        nodes.forEach((incarnation, seen) -> {
            Long count = counts.get(incarnation);
            if (count != null && count != seen.count) {
                seen.count = count;
                seen.stillNanos = 0;
            } else {
                seen.stillNanos += watched;
            }
        });
        counts.forEach((incarnation, count) -> {
            if (incarnation != self) {
                nodes.computeIfAbsent(incarnation, unseen -> {
                    var seen = new Seen();
                    seen.count = count;
                    return seen;
                });
            }
        });
        nodes.values().removeIf(seen -> seen.stillNanos > leaseNanos * FORGOTTEN_LEASES);
        lapsed = nodes.entrySet().stream()
                .filter(node -> node.getValue().stillNanos >= leaseNanos)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A claim names the node: from now on its heartbeat is missed if there is none. */
    public void meet(Claim claim) {
        meet(claim.incarnation());
    }

    /** Something in the store is of that node: from now on its heartbeat is missed if there is none. */
    public synchronized void meet(long incarnation) {
        if (incarnation != self) {
            nodes.computeIfAbsent(incarnation, unseen -> new Seen());
        }
    }

    public Set<Long> lapsed() {
        return lapsed;
    }

    public boolean isLapsed(long incarnation) {
        return lapsed.contains(incarnation);
    }

    /** How many others there are whose lease has not lapsed. */
    public synchronized int live() {
        return nodes.size() - lapsed.size();
    }
}
