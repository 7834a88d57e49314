package io.switchboard.checks.components;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** When a chunk may pass in one direction. Changing the fault wakes whoever waits under the old one. */
final class Gate {
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stalled;
    private long delayNanos;
    private int bytesPerSecond = Integer.MAX_VALUE;

    void stall() {
        change(() -> stalled = true);
    }

    void delay(Duration by) {
        change(() -> delayNanos = by.toNanos());
    }

    void throttle(int limit) {
        change(() -> bytesPerSecond = limit);
    }

    void heal() {
        change(() -> {
            stalled = false;
            delayNanos = 0;
            bytesPerSecond = Integer.MAX_VALUE;
        });
    }

    /** Returns when a chunk that arrived then and is this long may go on. */
    void pass(long arrivedNanos, int bytes) throws InterruptedException {
        lock.lock();
        try {
            long asked = System.nanoTime();
            while (true) {
                long now = System.nanoTime();
                long due = Math.max(arrivedNanos + delayNanos - now, asked + nanosFor(bytes) - now);
                if (stalled) {
                    changed.await();
                } else if (due > 0) {
                    changed.awaitNanos(due);
                } else {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long nanosFor(int bytes) {
        return bytesPerSecond == Integer.MAX_VALUE ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }

    private void change(Runnable fault) {
        lock.lock();
        try {
            fault.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
