package io.switchboard.transport.loop;

import io.switchboard.loop.Loop;
import java.util.Arrays;

/**
 * The timers of one loop's connections: coarse, without an object per timer. Every connection has at most one place
 * here, the slot of the tick at which it wants to be asked. A wheel without entries does not turn.
 *
 * <p>Time is counted in ticks that the loop really ran, not by the clock: a process that was stopped for a minute does
 * not find all its clients silent for a minute, it reads what they sent first.
 */
public final class Wheel {
    private static final Timed[] NONE = {};
    private static final int SLOTS_MAX = 1 << 16;
    private static final int KEEP = 64;

    /** Something with a deadline. It remembers its own place, so that it can be taken out at no cost. */
    public interface Timed {
        /** Its time has come. Returns after how many ticks it wants to be asked again, 0 for never. */
        int due();

        int slot();

        int seat();

        void placed(int slot, int seat);
    }

    private final Loop loop;
    private final long tickMillis;
    private final Timed[][] slots;
    private final int[] counts;
    private final Runnable tick = this::tick;
    private int now;
    private int size;
    private boolean turning;

    /** @param ticksMax the longest delay that will be asked for; longer ones come early */
    public Wheel(Loop loop, long tickMillis, int ticksMax) {
        this.loop = loop;
        this.tickMillis = tickMillis;
        int count = Math.min(SLOTS_MAX, Integer.highestOneBit(ticksMax + 1) << 1);
        slots = new Timed[count][];
        Arrays.fill(slots, NONE);
        counts = new int[count];
    }

    /** Ticks so far. Compare by difference: it overflows. */
    public int now() {
        return now;
    }

    public int size() {
        return size;
    }

    /** A thing that is in no wheel asks to be called {@link Timed#due} after that many ticks. */
    public void add(Timed timed, int ticks) {
        int slot = (now + Math.clamp(ticks, 1, slots.length - 1)) & (slots.length - 1);
        int seat = counts[slot]++;
        if (seat == slots[slot].length) {
            slots[slot] = Arrays.copyOf(slots[slot], Math.max(4, seat * 2));
        }
        slots[slot][seat] = timed;
        timed.placed(slot, seat);
        size++;
        if (!turning) {
            turning = true;
            loop.schedule(tick, tickMillis);
        }
    }

    /** Takes it out, if it is in. */
    public void remove(Timed timed) {
        int slot = timed.slot();
        if (slot >= 0) {
            Timed last = takeLast(slot);
            int seat = timed.seat();
            if (seat < counts[slot]) {
                slots[slot][seat] = last;
                last.placed(slot, seat);
            }
            timed.placed(-1, 0);
        }
    }

    public void move(Timed timed, int ticks) {
        remove(timed);
        add(timed, ticks);
    }

    @SuppressWarnings("NullAway") // The free end of the array is never read.
    private Timed takeLast(int slot) {
        int seat = --counts[slot];
        Timed last = slots[slot][seat];
        slots[slot][seat] = null;
        size--;
        return last;
    }

    private void tick() {
        now++;
        int slot = now & (slots.length - 1);
        // Nothing is ever added to the slot that is due, so this ends.
        while (counts[slot] > 0) {
            Timed timed = takeLast(slot);
            timed.placed(-1, 0);
            int again = timed.due();
            if (again > 0 && timed.slot() < 0) {
                add(timed, again);
            }
        }
        if (slots[slot].length > KEEP) {
            slots[slot] = NONE;
        }
        turning = size > 0;
        if (turning) {
            loop.schedule(tick, tickMillis);
        }
    }
}
