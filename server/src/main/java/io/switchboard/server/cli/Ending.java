package io.switchboard.server.cli;

import io.switchboard.server.Drainable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Waits for the signal to end, and ends: the first drains, the second does not wait. */
final class Ending {
    private static final System.Logger LOG = System.getLogger(Ending.class.getName());

    private final Duration drainTime;
    private final AtomicInteger asked = new AtomicInteger();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private volatile @Nullable Drainable running;

    /** Listens for signals from now on: one that comes while starting ends the process too. */
    Ending(Duration drainTime) {
        this.drainTime = drainTime;
        Signals.on("TERM", this::asked);
        Signals.on("INT", this::asked);
    }

    void of(Drainable board) {
        running = board;
        if (asked.get() > 0) {
            drain(board);
        }
    }

    int await() {
        return end.join();
    }

    private void asked() {
        if (asked.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(Main.FAILED);
        }
        Drainable board = running;
        if (board == null) {
            Runtime.getRuntime().halt(Main.OK);
        } else {
            drain(board);
        }
    }

    private void drain(Drainable board) {
        LOG.log(
                System.Logger.Level.INFO,
                "draining, for at most {0} s; a second signal ends at once",
                drainTime.toSeconds());
        var ignored = board.drain(drainTime.dividedBy(2))
                .toCompletableFuture()
                .orTimeout(drainTime.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> {
                    if (late != null) {
                        LOG.log(System.Logger.Level.WARNING, "some clients did not leave in time");
                    }
                    end.complete(Main.OK);
                });
    }
}
