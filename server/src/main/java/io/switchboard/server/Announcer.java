package io.switchboard.server;

import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.Instance;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Keeps discovery told of this node: announced while it is available, withdrawn while it is not, announced anew when
 * what is said of it has changed by enough to matter.
 */
final class Announcer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Announcer.class.getName());
    private static final long TICK_MILLIS = 2_000;

    /** After so many ticks any change is told; before that, of sessions, only one of more than a twentieth. */
    private static final int PATIENCE_TICKS = 10;

    private static final int SHARE = 20;

    /** As long as a registry may take to hear that this node leaves. */
    private static final long FAREWELL_MILLIS = 4_000;

    private final Discovery discovery;
    private final Supplier<Instance> self;
    private final BooleanSupplier available;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("switchboard-discovery").factory());

    // All of it is the thread's.
    private Optional<Instance> told = Optional.empty();
    private int ticks;
    private boolean leaving;

    /** Looks at the node every two seconds from now on. */
    Announcer(Discovery discovery, Supplier<Instance> self, BooleanSupplier available) {
        this.discovery = discovery;
        this.self = self;
        this.available = available;
        var ignored = thread.scheduleWithFixedDelay(this::look, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Looks now: something has changed. */
    void lookNow() {
        try {
            thread.execute(this::look);
        } catch (RejectedExecutionException _closed) {
            LOG.log(System.Logger.Level.DEBUG, "too late to announce anything");
        }
    }

    private void look() {
        if (leaving || !available.getAsBoolean()) {
            told.ifPresent(known -> discard(discovery.deregister()));
            told = Optional.empty();
            return;
        }
        Instance now = self.get();
        ticks++;
        if (told.isEmpty() || matters(told.get(), now)) {
            told = Optional.of(now);
            ticks = 0;
            discard(discovery.register(now));
        }
    }

    /** The bridge logs what went wrong, and tries again by itself. */
    private static void discard(CompletionStage<Void> done) {
        var ignored = done.exceptionally(_logged -> null);
    }

    private boolean matters(Instance before, Instance now) {
        if (before.equals(now)) {
            return false;
        }
        int were = before.connections().orElse(0);
        int are = now.connections().orElse(0);
        return ticks >= PATIENCE_TICKS || before.draining() != now.draining() || Math.abs(are - were) * SHARE > were;
    }

    /** Never to be announced again; completes when balancers have had the time to notice. */
    CompletionStage<Void> withdraw(Duration notice) {
        var withdrawn = new CompletableFuture<Void>();
        thread.execute(() -> {
            leaving = true;
            told = Optional.empty();
            var ignored = discovery
                    .deregister()
                    .toCompletableFuture()
                    .orTimeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                    .whenComplete((_withdrawn, failure) -> {
                        if (failure != null) {
                            LOG.log(
                                    System.Logger.Level.WARNING,
                                    "balancers could not be told that this node leaves: {0}",
                                    failure.getMessage());
                        }
                        completeAfter(notice, withdrawn);
                    });
        });
        return withdrawn;
    }

    private void completeAfter(Duration notice, CompletableFuture<Void> withdrawn) {
        var ignored = thread.schedule(() -> withdrawn.complete(null), notice.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        discovery.close();
    }
}
