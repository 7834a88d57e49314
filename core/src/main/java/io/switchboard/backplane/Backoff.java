package io.switchboard.backplane;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: twice as long each time, with jitter, so that nodes do not all come
 * at once.
 */
public final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LAST_MILLIS = 2_000;
    private static final long HOPELESS_MILLIS = 5_000;

    private long step = FIRST_MILLIS;

    public void reset() {
        step = FIRST_MILLIS;
    }

    /** @param hopeless whether only somebody's intervention can help */
    public long next(boolean hopeless) {
        long delay = hopeless ? HOPELESS_MILLIS : step;
        step = Math.min(step * 2, LAST_MILLIS);
        return delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    }
}
