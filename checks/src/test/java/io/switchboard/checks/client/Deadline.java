package io.switchboard.checks.client;

import java.time.Duration;

/** A moment after which waiting is over; monotonic, so a step of the wall clock changes nothing. */
public record Deadline(long atNanos) {
    public static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    public boolean passed() {
        return remainingNanos() <= 0;
    }

    /** May be negative: the deadline has passed then. */
    public long remainingNanos() {
        return atNanos - System.nanoTime();
    }

    /** At least 1, because a time-out of 0 means "for ever" to a socket. */
    public int remainingMillis() {
        return Math.clamp(remainingNanos() / 1_000_000, 1, Integer.MAX_VALUE);
    }
}
