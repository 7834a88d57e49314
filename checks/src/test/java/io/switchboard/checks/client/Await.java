package io.switchboard.checks.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Waits until something is so, looking again every few milliseconds. When the deadline passes, the failure says what
 * was awaited and what was seen last. A look that throws an exception counts as "not yet".
 */
public final class Await {
    public static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = 2_000_000;

    private Await() {}

    /** One look at the thing awaited. */
    @FunctionalInterface
    public interface Look<T> {
        T look() throws Exception;
    }

    public static void until(String what, Look<Boolean> condition) {
        until(what, PATIENCE, condition);
    }

    public static void until(String what, Duration patience, Look<Boolean> condition) {
        until(what, patience, condition, held -> held);
    }

    public static <T> T until(String what, Look<T> look, Predicate<? super T> enough) {
        return until(what, PATIENCE, look, enough);
    }

    /** The first value that is enough. */
    public static <T> T until(String what, Duration patience, Look<T> look, Predicate<? super T> enough) {
        var deadline = Deadline.in(patience);
        while (true) {
            Object last;
            try {
                T value = look.look();
                if (enough.test(value)) {
                    return value;
                }
                last = value;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            } catch (Exception e) {
                last = e;
            }
            if (deadline.passed()) {
                var failure = new AssertionError(
                        "waited " + patience.toMillis() + " ms in vain for " + what + "; last seen: " + last);
                if (last instanceof Exception e) {
                    failure.initCause(e);
                }
                throw failure;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
