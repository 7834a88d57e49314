package io.switchboard.backplane;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The one thread of a bridge that watches the clock and judges what happens. Never blocks, survives mistakes. */
public final class Judge {
    private static final int TICK_MILLIS = 100;
    private static final long START_NANOS = System.nanoTime();

    private final String broker;
    private final RareLog log;
    private final ScheduledExecutorService thread;

    /** @param broker as {@code RabbitMQ} */
    public Judge(String broker, RareLog log) {
        this.broker = broker;
        this.log = log;
        this.thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("switchboard-" + broker.toLowerCase(Locale.ROOT) + "-judge")
                .factory());
    }

    /** Monotonic milliseconds. */
    public static long now() {
        return (System.nanoTime() - START_NANOS) / 1_000_000;
    }

    /** From now on and until closed. */
    @SuppressWarnings("FutureReturnValueIgnored") // The tick sees to its own failures.
    public void watch(Runnable tick) {
        thread.scheduleWithFixedDelay(() -> survive(tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** From any thread. */
    public void hear(Runnable event) {
        try {
            thread.execute(() -> survive(event));
        } catch (RejectedExecutionException _closed) {
            // Nobody wants to know any more.
        }
    }

    private void survive(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.bug("the " + broker + " bridge stumbled", e);
        }
    }

    /** What was heard before is judged still. */
    public void close() {
        thread.shutdown();
    }
}
