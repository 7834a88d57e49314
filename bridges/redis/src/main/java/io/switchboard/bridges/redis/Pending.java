package io.switchboard.bridges.redis;

import io.switchboard.backplane.Outgoing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What was written and awaits its reply, oldest first; a command of the link itself is without publication. */
final class Pending {
    static final int COUNT_MAX = 1 << 17;
    static final long BYTES_MAX = 64L << 20;

    private @Nullable Outgoing[] entries = new @Nullable Outgoing[256];
    private int[] sizes = new int[256];
    private long[] times = new long[256];
    private int head;
    private int count;
    private long bytes;

    boolean hasRoomFor(int more) {
        return count < COUNT_MAX && bytes + more <= BYTES_MAX;
    }

    void add(@Nullable Outgoing outgoing, int size, long now) {
        if (count == entries.length) {
            grow();
        }
        int at = head + count++ & entries.length - 1;
        entries[at] = outgoing;
        sizes[at] = size;
        times[at] = now;
        bytes += size;
    }

    /** Takes the oldest away; only if there is one. */
    @Nullable
    Outgoing poll() {
        Outgoing oldest = entries[head];
        entries[head] = null;
        bytes -= sizes[head];
        head = head + 1 & entries.length - 1;
        count--;
        return oldest;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** When the oldest was written; {@code now} if there is none. */
    long oldest(long now) {
        return count == 0 ? now : times[head];
    }

    private void grow() {
        int length = entries.length;
        entries = Arrays.copyOf(entries, length * 2);
        sizes = Arrays.copyOf(sizes, length * 2);
        times = Arrays.copyOf(times, length * 2);
        // The part that had wrapped around goes behind the rest.
        System.arraycopy(entries, 0, entries, length, head);
        System.arraycopy(sizes, 0, sizes, length, head);
        System.arraycopy(times, 0, times, length, head);
        Arrays.fill(entries, 0, head, null);
    }
}
