package io.switchboard.backplane;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What the one thread of a bridge that links does beside linking: it tries again until closed, ever more seldom, and
 * can be woken while it waits.
 */
public final class Attempts {
    /** One attempt, which ends when the link does. */
    @FunctionalInterface
    public interface Attempt {
        /** Gives how long to wait before the next. */
        long run() throws InterruptedException;
    }

    private final Object target;
    private final RareLog log;
    private final LongSupplier clock;
    private final Backoff backoff = new Backoff();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean awake;
    private boolean closed;

    /** @param target for the log, by its {@link Object#toString} */
    public Attempts(Object target, RareLog log, LongSupplier clock) {
        this.target = target;
        this.log = log;
        this.clock = clock;
    }

    /** Returns when closed. */
    public void repeat(Attempt attempt) {
        try {
            while (!isClosed()) {
                pause(attempt.run(), false);
            }
        } catch (InterruptedException _closed) {
            Thread.currentThread().interrupt();
        }
    }

    public void succeeded() {
        log.info(target + " is linked");
        backoff.reset();
    }

    /**
     * Gives how long to wait before the next.
     *
     * @param hopeless whether only somebody's intervention can help
     */
    public long failed(String why, boolean hopeless) {
        if (!isClosed()) {
            log.warn("lost", target + " is not linked, trying again: " + why, clock.getAsLong());
        }
        return backoff.next(hopeless);
    }

    /** Waits for work, at most so long. */
    public void awaitWork(long millis) throws InterruptedException {
        pause(millis, true);
    }

    private void pause(long millis, boolean wakeable) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (nanos > 0 && !closed && !(wakeable && awake)) {
                nanos = changed.awaitNanos(nanos);
            }
            awake = false;
        } finally {
            lock.unlock();
        }
    }

    /** There is something to do, or the link has died. From any thread. */
    public void wake() {
        lock.lock();
        try {
            awake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
