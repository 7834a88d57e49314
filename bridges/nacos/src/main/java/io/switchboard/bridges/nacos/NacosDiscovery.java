package io.switchboard.bridges.nacos;

import io.switchboard.discovery.Discovery;
import io.switchboard.discovery.Instance;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This node among the instances of a service in Nacos. One thread asks Nacos, one thing after another: what is wanted
 * (an instance, or none), and the beats that keep it there. What Nacos has lost, or could not be told, is said again
 * with the next beat.
 */
final class NacosDiscovery implements Discovery {
    private static final System.Logger LOG = System.getLogger(NacosDiscovery.class.getName());
    private static final long FAREWELL_MILLIS = 3_000;

    private final NamingClient naming;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("switchboard-nacos").factory());

    // All of it is the thread's.
    private @Nullable Instance wanted;
    private @Nullable Instance announced;
    private boolean beating;
    private boolean failing;

    NacosDiscovery(NamingClient naming) {
        this.naming = naming;
    }

    @Override
    public CompletionStage<Void> register(Instance self) {
        return submit(() -> {
            wanted = self;
            if (!beating) {
                beating = true;
                var ignored = thread.scheduleWithFixedDelay(
                        this::beat, NamingClient.BEAT_MILLIS, NamingClient.BEAT_MILLIS, TimeUnit.MILLISECONDS);
            }
            announce(self);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> deregister() {
        return submit(() -> {
            wanted = null;
            withdraw();
            return null;
        });
    }

    @Override
    public CompletionStage<List<Instance>> instances() {
        return submit(naming::list);
    }

    private void announce(Instance self) throws IOException {
        Instance placed = naming.placed(self);
        // Even if the answer gets lost: it may have been heard.
        announced = placed;
        try {
            naming.register(placed);
            wentWell();
        } catch (IOException | RuntimeException e) {
            failed("Nacos could not be told of this node", e);
            throw e;
        }
    }

    private void withdraw() throws IOException {
        Instance known = announced;
        if (known != null) {
            naming.deregister(known);
            announced = null;
        }
    }

    private void beat() {
        Instance self = wanted;
        Instance known = announced;
        try {
            if (self == null) {
                withdraw();
            } else if (known == null || failing || !naming.beat(known)) {
                announce(self);
            }
        } catch (IOException | RuntimeException e) {
            failed("Nacos is not told any more that this node is up", e);
        }
    }

    /** Said once: it is tried again with every beat. */
    private void failed(String what, Exception why) {
        if (!failing) {
            failing = true;
            LOG.log(System.Logger.Level.WARNING, "{0}, which is tried again and again: {1}", what, why.getMessage());
        }
    }

    private void wentWell() {
        if (failing) {
            failing = false;
            LOG.log(System.Logger.Level.INFO, "Nacos knows this node again");
        }
    }

    private <T extends @Nullable Object> CompletionStage<T> submit(Callable<T> call) {
        var done = new CompletableFuture<T>();
        try {
            thread.execute(() -> {
                try {
                    done.complete(call.call());
                } catch (Exception e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        try {
            deregister()
                    .toCompletableFuture()
                    .orTimeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Nacos could not be told that this node is gone; it notices within 15 s: {0}",
                    String.valueOf(e.getCause()));
        }
        thread.shutdownNow();
        naming.close();
    }
}
