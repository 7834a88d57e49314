package io.switchboard.bench.wire;

import java.util.concurrent.locks.LockSupport;

/** Wakes a selector in time: a selector waits whole milliseconds, and a message in an open loop is due between them. */
final class Pacemaker implements AutoCloseable {
    /** Below this the kernel's own slack is larger than the interval, and waking costs more than it brings. */
    private static final double INTERVAL_MIN_NANOS = 100_000;

    /** The kernel wakes a thread about so much late; what is left of it the selector's thread waits awake. */
    private static final long EARLY_NANOS = 60_000;

    private record Rhythm(long start, double interval) {
        long next(long now) {
            return start + (long) (Math.ceil(Math.max(1, now - start + 1) / interval) * interval);
        }
    }

    private static final Rhythm SILENT = new Rhythm(0, Double.POSITIVE_INFINITY);

    private final Runnable wake;
    private final Thread thread;
    private volatile Rhythm rhythm = SILENT;
    private volatile boolean closing;

    Pacemaker(String name, Runnable wake) {
        this.wake = wake;
        thread = Thread.ofPlatform().name(name + "-pace").daemon().start(this::run);
    }

    void beat(long start, double intervalNanos) {
        rhythm = new Rhythm(start, Math.max(INTERVAL_MIN_NANOS, intervalNanos));
        LockSupport.unpark(thread);
    }

    void rest() {
        rhythm = SILENT;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            var current = rhythm;
            if (current.equals(SILENT)) {
                LockSupport.park();
                continue;
            }
            long next = current.next(System.nanoTime() + EARLY_NANOS) - EARLY_NANOS;
            while (next > System.nanoTime() && current.equals(rhythm) && !closing) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            wake.run();
        }
    }
}
