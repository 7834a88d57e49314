package io.switchboard.bench.measure;

import java.util.Arrays;

/**
 * What each listener has heard of each publisher. For every such pair it keeps the highest number and which of the 64
 * up to it were heard, so that what is missing, heard twice or heard late is exact in 24 bytes per pair. The one thing
 * it cannot tell is whether a message older than these 64 is a repeat or merely late: such are counted apart.
 */
public final class Ledger {
    private static final int WINDOW = 64;

    private final long[] highest;
    private final long[] window;
    private final long[] heard;
    private long distinct;
    private long repeated;
    private long reordered;
    private long tooLateToTell;

    public Ledger(int pairs) {
        highest = new long[pairs];
        window = new long[pairs];
        heard = new long[pairs];
        Arrays.fill(highest, -1);
    }

    /** Returns whether this pair hears it for the first time; numbers begin at 0. */
    public boolean hear(int pair, long number) {
        long back = highest[pair] - number;
        if (back < 0) {
            // The first message of all has nothing before it to be shifted.
            long shift = -back;
            window[pair] = (shift >= WINDOW ? 0 : window[pair] << shift) | 1;
            highest[pair] = number;
        } else if (back >= WINDOW) {
            tooLateToTell++;
            return false;
        } else if ((window[pair] >>> back & 1) != 0) {
            repeated++;
            return false;
        } else {
            window[pair] |= 1L << back;
            reordered++;
        }
        heard[pair]++;
        distinct++;
        return true;
    }

    /** Messages heard, each counted once per pair. */
    public long distinct() {
        return distinct;
    }

    public long repeated() {
        return repeated;
    }

    /** Heard after a later one of the same publisher. */
    public long reordered() {
        return reordered;
    }

    public long tooLateToTell() {
        return tooLateToTell;
    }

    public long heard(int pair) {
        return heard[pair];
    }
}
