package io.switchboard.gateway;

import io.switchboard.discovery.Instance;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A node, and the connections sent to it that it has not told of yet: without them all that come between two reports
 * would go to the same node. From any thread.
 */
final class Berth {
    /** Who has not shown up in the report by then did not arrive, or has left again. */
    private static final long FORGOTTEN_NANOS = 10_000_000_000L;

    private final Instance node;
    private final Deque<Long> underWay;

    Berth(Instance node) {
        this(node, new ArrayDeque<>());
    }

    private Berth(Instance node, Deque<Long> underWay) {
        this.node = node;
        this.underWay = underWay;
    }

    /** After a new report, which counts some of those under way. */
    synchronized Berth with(Instance report) {
        long more = connections(report) - connections(node);
        var rest = new ArrayDeque<>(underWay);
        for (; more > 0 && !rest.isEmpty(); more--) {
            rest.removeFirst();
        }
        return new Berth(report, rest);
    }

    Instance node() {
        return node;
    }

    boolean takesNew() {
        return !node.draining();
    }

    synchronized void chosen() {
        underWay.add(System.nanoTime());
    }

    synchronized long expected() {
        while (!underWay.isEmpty() && System.nanoTime() - underWay.getFirst() > FORGOTTEN_NANOS) {
            underWay.removeFirst();
        }
        return connections(node) + underWay.size();
    }

    private static long connections(Instance report) {
        return report.connections().orElse(0);
    }
}
