package io.switchboard.gateway;

import io.switchboard.discovery.Instance;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/**
 * A node, and the connections sent to it that it has not told of yet: without them all that come between two reports
 * would go to the same node. From any thread.
 */
final class Berth {
    /** Those with as many connections come in turn, which is all there is where nodes tell of none. */
    static final Comparator<Berth> FEWEST_FIRST =
            Comparator.comparingLong(Berth::expected).thenComparingLong(Berth::turn);

    private final Instance node;
    private final long arrivalNanos;
    private final Deque<Long> underWay;
    private long turn;

    /** @param arrival who has not shown up in a report by then did not arrive, or has left again */
    Berth(Instance node, Duration arrival) {
        this(node, arrival.toNanos(), new ArrayDeque<>(), 0);
    }

    private Berth(Instance node, long arrivalNanos, Deque<Long> underWay, long turn) {
        this.node = node;
        this.arrivalNanos = arrivalNanos;
        this.underWay = underWay;
        this.turn = turn;
    }

    /** After a new report, which counts some of those under way. */
    synchronized Berth with(Instance report) {
        long more = connections(report) - connections(node);
        var rest = new ArrayDeque<>(underWay);
        for (; more > 0 && !rest.isEmpty(); more--) {
            rest.removeFirst();
        }
        return new Berth(report, arrivalNanos, rest, turn);
    }

    Instance node() {
        return node;
    }

    boolean takesNew() {
        return !node.draining();
    }

    /** @param number counts the choices, of whichever node */
    synchronized void chosen(long number) {
        underWay.add(System.nanoTime());
        turn = Math.max(turn, number);
    }

    synchronized long expected() {
        while (!underWay.isEmpty() && System.nanoTime() - underWay.getFirst() >= arrivalNanos) {
            underWay.removeFirst();
        }
        return connections(node) + underWay.size();
    }

    private synchronized long turn() {
        return turn;
    }

    private static long connections(Instance report) {
        return report.connections().orElse(0);
    }
}
