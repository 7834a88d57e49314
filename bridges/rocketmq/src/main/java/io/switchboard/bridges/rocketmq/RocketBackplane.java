package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The door of the bridge, and its threads: one links, one sends, one per topic of the broker takes what was pulled;
 * these may block. One watches the clock and judges, and never does. The client adds one for each queue, and a dozen
 * more.
 */
final class RocketBackplane implements Backplane {
    private static final int TICK_MILLIS = 100;
    private static final long START_NANOS = System.nanoTime();

    private final Settings settings;
    private final RocketTarget target;
    private final Names names;
    private final RareLog log = new RareLog(RocketBackplane.class.getPackageName());
    private final Tally tally;
    private final Publications publications;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Running running;

    RocketBackplane(Settings settings, RocketTarget target, Names names) {
        this.settings = settings;
        this.target = target;
        this.names = names;
        this.tally = new Tally(settings.meters(), log, this::isUp);
        this.publications = new Publications(settings, tally, log, RocketBackplane::now);
    }

    /** Monotonic milliseconds. */
    static long now() {
        return (System.nanoTime() - START_NANOS) / 1_000_000;
    }

    static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void start(Listener listener) {
        var started = new Running(listener);
        running = started;
        started.start();
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        var confirmed = new CompletableFuture<Void>();
        Running started = running;
        if (closed.get() || started == null) {
            confirmed.completeExceptionally(new IllegalStateException("the backplane is closed"));
        } else {
            started.interest.subscribe(topic, confirmed);
        }
        return confirmed;
    }

    @Override
    public void unsubscribe(Topic topic) {
        Running started = running;
        if (started != null) {
            started.interest.unsubscribe(topic);
        }
    }

    @Override
    public void publish(List<? extends Outgoing> batch) {
        publications.publish(batch);
    }

    @Override
    public boolean echoes(Topic topic) {
        return settings.format().publishes(topic) && !settings.format().carriesOrigin();
    }

    @Override
    public boolean isUp() {
        Running started = running;
        return started != null && started.pulse.isUp();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            publications.close();
            Running started = running;
            if (started != null) {
                started.close();
            }
        }
    }

    @Override
    public String toString() {
        return "RocketBackplane(" + settings.cluster() + ")";
    }

    /** What there is between start and close. */
    private final class Running {
        final Interest interest;
        final Pulse pulse;
        private final Linker linker;
        private final ScheduledExecutorService judge =
                Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "switchboard-rocketmq-judge"));

        Running(Listener listener) {
            var nativePlace = new PublishedPlace(names.nativeTopic(), "", true);
            interest = new Interest(settings.format(), nativePlace, this::wake);
            pulse = new Pulse(publications, interest, listener, tally, log, RocketBackplane::now);
            var inbound = new Inbound(
                    names,
                    interest,
                    new Reception("RocketMQ", settings.format(), settings.self(), tally, log),
                    settings.meters(),
                    listener,
                    RocketBackplane::now,
                    (link, broker, number) -> judged(() -> pulse.pong(link, broker, number)));
            linker = new Linker(
                    target,
                    settings,
                    names,
                    nativePlace,
                    interest,
                    inbound,
                    link -> judged(() -> pulse.linked(link)),
                    link -> judged(() -> pulse.lost(link)),
                    log,
                    RocketBackplane::now);
        }

        private void wake() {
            linker.wake();
        }

        @SuppressWarnings("FutureReturnValueIgnored") // The tick sees to its own failures.
        void start() {
            judge.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            daemon(linker, "switchboard-rocketmq-link").start();
            var publisher = new Publisher(
                    settings, interest, publications, (link, why) -> judged(() -> pulse.suspect(link, why)));
            daemon(publisher, "switchboard-rocketmq-out").start();
        }

        private void tick() {
            try {
                publications.tick();
                pulse.tick();
            } catch (RuntimeException e) {
                log.bug("the RocketMQ bridge stumbled", e);
            }
        }

        private void judged(Runnable task) {
            try {
                judge.execute(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        log.bug("the RocketMQ bridge stumbled", e);
                    }
                });
            } catch (RejectedExecutionException _closed) {
                // Nobody wants to know any more.
            }
        }

        void close() {
            pulse.close();
            judged(pulse::end);
            judge.shutdown();
            interest.close();
            linker.close();
        }
    }
}
