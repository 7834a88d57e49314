package io.switchboard.bridges.redis;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Publication;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * Native publications that wait for a link, oldest first, bounded in bytes and time. Those that a server of a Cluster
 * sent back are older than all that never left, so they wait in front.
 */
final class Spool {
    /** What an envelope and the objects around a message take, roughly. */
    private static final int OVERHEAD_BYTES = 256;

    private record Entry(Outgoing outgoing, long expiresAt, int bytes) {}

    /** One that has been sent back: it does not get more time by it. */
    private record Returned(Outgoing outgoing, long expiresAt) implements Outgoing {
        @Override
        public Publication publication() {
            return outgoing.publication();
        }

        @Override
        public void settled(Remote remote) {
            outgoing.settled(remote);
        }
    }

    private final Deque<Entry> returned = new ArrayDeque<>();
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final long bytesMax;
    private final long millisMax;
    private final Tally tally;
    private long bytes;

    Spool(long bytesMax, long millisMax, Tally tally) {
        this.bytesMax = bytesMax;
        this.millisMax = millisMax;
        this.tally = tally;
    }

    void add(Outgoing outgoing, long now) {
        add(waiting, outgoing, now + millisMax);
    }

    void addReturned(Outgoing outgoing, long now) {
        var again = outgoing instanceof Returned known ? known : new Returned(outgoing, now + millisMax);
        add(returned, again, again.expiresAt);
    }

    private void add(Deque<Entry> queue, Outgoing outgoing, long expiresAt) {
        int size = outgoing.publication().message().length() + OVERHEAD_BYTES;
        if (bytes + size > bytesMax) {
            tally.settle(outgoing, Remote.REFUSED);
            return;
        }
        queue.add(new Entry(outgoing, expiresAt, size));
        count(size);
    }

    /** Offers all in order; what is not taken stays. */
    void drain(Predicate<Outgoing> taker) {
        drain(returned, taker);
        drain(waiting, taker);
    }

    private void drain(Deque<Entry> queue, Predicate<Outgoing> taker) {
        for (int left = queue.size(); left > 0; left--) {
            Entry entry = queue.remove();
            if (taker.test(entry.outgoing)) {
                count(-entry.bytes);
            } else {
                queue.add(entry);
            }
        }
    }

    void expire(long now) {
        expire(returned, now);
        expire(waiting, now);
    }

    private void expire(Deque<Entry> queue, long now) {
        while (!queue.isEmpty() && queue.peek().expiresAt <= now) {
            Entry entry = queue.remove();
            count(-entry.bytes);
            tally.settle(entry.outgoing, Remote.REFUSED);
        }
    }

    void refuseAll() {
        expire(Long.MAX_VALUE);
    }

    private void count(int change) {
        bytes += change;
        tally.spoolBytes.set(bytes);
    }
}
