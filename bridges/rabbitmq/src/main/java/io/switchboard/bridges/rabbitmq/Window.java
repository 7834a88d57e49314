package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Outgoing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was written to one connection and is not confirmed yet, by the numbers that the broker counts them with, from 1.
 * Guarded by {@link Publications}.
 */
final class Window {
    private static final class Written {
        final int bytes;
        final long at;

        @Nullable
        Outgoing outgoing;

        /** @param outgoing null for what nobody waits for */
        Written(@Nullable Outgoing outgoing, int bytes, long at) {
            this.outgoing = outgoing;
            this.bytes = bytes;
            this.at = at;
        }
    }

    // By number, as an array that turns: the first is the oldest.
    private @Nullable Written[] ring = new @Nullable Written[Bounds.WINDOW_COUNT * 2];
    private long oldest = 1;
    private long next = 1;
    private long bytes;

    boolean hasRoom() {
        return next - oldest < Bounds.WINDOW_COUNT && bytes < Bounds.WINDOW_BYTES;
    }

    int count() {
        return (int) (next - oldest);
    }

    /** Its number. A batch that was begun while there was room may go a little beyond. */
    long add(@Nullable Outgoing outgoing, int size, long now) {
        ring[index(next)] = new Written(outgoing, size, now);
        bytes += size;
        return next++;
    }

    private int index(long number) {
        return (int) (number & ring.length - 1);
    }

    /** The broker has spoken about this one, or all up to it. */
    void confirmed(long number, boolean multiple, Consumer<Outgoing> settled) {
        long from = multiple ? oldest : Math.max(number, oldest);
        for (long i = from; i <= number && i < next; i++) {
            settle(i, settled);
        }
        while (oldest < next && ring[index(oldest)] == null) {
            oldest++;
        }
    }

    private void settle(long number, Consumer<Outgoing> settled) {
        Written written = ring[index(number)];
        if (written != null) {
            ring[index(number)] = null;
            bytes -= written.bytes;
            if (written.outgoing != null) {
                settled.accept(written.outgoing);
            }
        }
    }

    /** Those that have waited since before that time. */
    void expire(long before, Consumer<Outgoing> settled) {
        while (oldest < next) {
            Written written = ring[index(oldest)];
            if (written != null && written.at >= before) {
                return;
            }
            settle(oldest++, settled);
        }
    }

    /** Takes back what was not written after all, from this number on. */
    List<Outgoing> withdraw(long from) {
        Deque<Outgoing> unwritten = new ArrayDeque<>();
        while (next > Math.max(from, oldest)) {
            settle(--next, unwritten::addFirst);
        }
        return List.copyOf(unwritten);
    }
}
