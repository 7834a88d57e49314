package io.switchboard.backplane;

import io.switchboard.message.Origin;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells new publications from repeats: a window of the last {@value #WINDOW} sequences for each event loop of an origin
 * incarnation, as a ring of bits. The top byte of a sequence is the loop, the rest counts from 1. What is older than
 * the window counts as a repeat. Sequences may arrive in any order and with holes. Not thread-safe; each receiving link
 * has its own.
 */
public final class RepeatFilter {
    public static final int WINDOW = 8192;

    /** Below it a sequence counts, above it names the loop. */
    public static final int LOOP_SHIFT = 56;

    private static final long COUNT_MASK = (1L << LOOP_SHIFT) - 1;
    private static final int ORIGINS_MAX = 1024;

    private final Map<Origin, Map<Integer, Window>> windows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, Map<Integer, Window>> eldest) {
            return size() > ORIGINS_MAX;
        }
    };

    /** Most come many in a row from one node. Its windows are the newest in the map, so they are not dropped. */
    private Origin lastOrigin = Origin.UNKNOWN;

    private Map<Integer, Window> lastWindows = new HashMap<>(4);

    /** Remembers the sequence and says whether it was unheard of. Sequence 0 (none was carried) is always new. */
    public boolean isNew(Origin origin, long sequence) {
        if (sequence == 0) {
            return true;
        }
        int loop = (int) (sequence >>> LOOP_SHIFT);
        if (!origin.equals(lastOrigin)) {
            lastWindows = windows.computeIfAbsent(origin, o -> new HashMap<>(4));
            lastOrigin = origin;
        }
        return lastWindows.computeIfAbsent(loop, l -> new Window()).add(sequence & COUNT_MASK);
    }

    private static final class Window {
        private final long[] bits = new long[WINDOW / 64];
        private long highest;

        boolean add(long sequence) {
            if (sequence > highest) {
                clear(highest + 1, sequence);
                highest = sequence;
            } else if (sequence <= highest - WINDOW) {
                return false;
            }
            int word = (int) (sequence >>> 6) & bits.length - 1;
            long bit = 1L << sequence;
            boolean fresh = (bits[word] & bit) == 0;
            bits[word] |= bit;
            return fresh;
        }

        private void clear(long from, long to) {
            if (to - from >= WINDOW - 1) {
                Arrays.fill(bits, 0);
                return;
            }
            for (long sequence = from; sequence <= to; sequence++) {
                bits[(int) (sequence >>> 6) & bits.length - 1] &= ~(1L << sequence);
            }
        }
    }
}
