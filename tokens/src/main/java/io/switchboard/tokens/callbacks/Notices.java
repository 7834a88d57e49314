package io.switchboard.tokens.callbacks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What the application is told without being asked. Notices wait in a queue of bounded length, a few are on their way
 * at a time, and one that fails is told again, after growing pauses, until it has failed {@link #ATTEMPTS} times. What
 * does not fit, or is given up, is counted.
 */
final class Notices {
    private static final int AT_ONCE = 16;
    private static final int ATTEMPTS = 6;
    private static final long FIRST_PAUSE_MILLIS = 500;

    private final int waitingMax;
    private final LongAdder dropped;
    private final LongAdder told;

    // Guarded by this; held for moments only.
    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean closing;
    private final CompletableFuture<Void> empty = new CompletableFuture<>();

    private record Notice(Supplier<CompletionStage<?>> telling, int attempt) {}

    Notices(int waitingMax, LongAdder told, LongAdder dropped) {
        this.waitingMax = waitingMax;
        this.told = told;
        this.dropped = dropped;
    }

    synchronized int size() {
        return waiting.size() + underWay;
    }

    /** @param telling tells it, once each time that it is called */
    void tell(Supplier<CompletionStage<?>> telling) {
        synchronized (this) {
            if (waiting.size() >= waitingMax) {
                dropped.increment();
                return;
            }
            waiting.add(new Notice(telling, 1));
        }
        pump();
    }

    private void pump() {
        while (true) {
            Notice next;
            synchronized (this) {
                if (closing && waiting.isEmpty() && underWay == 0) {
                    var ignored = empty.complete(null);
                }
                if (underWay >= AT_ONCE || waiting.isEmpty()) {
                    return;
                }
                next = waiting.remove();
                underWay++;
            }
            send(next);
        }
    }

    private void send(Notice notice) {
        var ignored = notice.telling.get().whenComplete((done, failure) -> {
            if (failure == null) {
                told.increment();
                finished();
            } else if (notice.attempt == ATTEMPTS || isClosing()) {
                dropped.increment();
                finished();
            } else {
                // It keeps its place among those under way: with the application down, the others wait in the queue.
                later(FIRST_PAUSE_MILLIS << (notice.attempt - 1))
                        .execute(() -> send(new Notice(notice.telling, notice.attempt + 1)));
            }
        });
    }

    private static Executor later(long millis) {
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Thread::startVirtualThread);
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private void finished() {
        synchronized (this) {
            underWay--;
        }
        pump();
    }

    /** Completes when all have been told, or after that time; what is left then is lost, and counted. */
    CompletionStage<Void> close(Duration within) {
        synchronized (this) {
            closing = true;
        }
        pump();
        return empty.copy()
                .completeOnTimeout(null, within.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> {
                    synchronized (this) {
                        dropped.add(waiting.size());
                        waiting.clear();
                    }
                });
    }
}
