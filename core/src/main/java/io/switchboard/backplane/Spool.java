package io.switchboard.backplane;

import io.switchboard.message.Publication;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Native publications that wait for a link, oldest first, bounded in bytes and time. Those that came back without
 * having been written are older than all that never left, so they wait in front. One thread at a time.
 */
public final class Spool {
    /** What an envelope and the objects around a message take, roughly. */
    private static final int OVERHEAD_BYTES = 256;

    private record Entry(Outgoing outgoing, long expiresAt, int bytes) {}

    /** What becomes of one that waits no longer. */
    @FunctionalInterface
    public interface Settler {
        void settle(Outgoing outgoing, Remote remote);
    }

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
    private final Settler settler;
    private final LongConsumer gauge;
    private long bytes;

    /** @param gauge told how many bytes wait, whenever that changes */
    public Spool(long bytesMax, long millisMax, Settler settler, LongConsumer gauge) {
        this.bytesMax = bytesMax;
        this.millisMax = millisMax;
        this.settler = settler;
        this.gauge = gauge;
    }

    public void add(Outgoing outgoing, long now) {
        add(waiting, outgoing, now + millisMax);
    }

    public void addReturned(Outgoing outgoing, long now) {
        var again = outgoing instanceof Returned known ? known : new Returned(outgoing, now + millisMax);
        add(returned, again, again.expiresAt);
    }

    private void add(Deque<Entry> queue, Outgoing outgoing, long expiresAt) {
        int size = outgoing.publication().message().length() + OVERHEAD_BYTES;
        if (bytes + size > bytesMax) {
            settler.settle(outgoing, Remote.REFUSED);
            return;
        }
        queue.add(new Entry(outgoing, expiresAt, size));
        count(size);
    }

    /** Offers all in order; what is not taken stays. */
    public void drain(Predicate<Outgoing> taker) {
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

    public boolean isEmpty() {
        return returned.isEmpty() && waiting.isEmpty();
    }

    /** The oldest; only if there is one. */
    public Outgoing peek() {
        return (returned.isEmpty() ? waiting : returned).element().outgoing;
    }

    /** Takes the oldest away; only if there is one. */
    public Outgoing poll() {
        Entry oldest = (returned.isEmpty() ? waiting : returned).remove();
        count(-oldest.bytes);
        return oldest.outgoing instanceof Returned ? oldest.outgoing : new Returned(oldest.outgoing, oldest.expiresAt);
    }

    /** Those that were just taken and not written after all: in front again, in their order. */
    public void putBack(List<? extends Outgoing> taken, long now) {
        var behind = new ArrayDeque<>(returned);
        returned.clear();
        taken.forEach(outgoing -> addReturned(outgoing, now));
        returned.addAll(behind);
    }

    public void expire(long now) {
        expire(returned, now);
        expire(waiting, now);
    }

    private void expire(Deque<Entry> queue, long now) {
        while (!queue.isEmpty() && queue.peek().expiresAt <= now) {
            Entry entry = queue.remove();
            count(-entry.bytes);
            settler.settle(entry.outgoing, Remote.REFUSED);
        }
    }

    public void refuseAll() {
        expire(Long.MAX_VALUE);
    }

    private void count(int change) {
        bytes += change;
        gauge.accept(bytes);
    }
}
