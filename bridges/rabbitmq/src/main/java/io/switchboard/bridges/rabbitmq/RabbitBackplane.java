package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The door of the bridge, and its threads: one links and binds, one publishes, one takes deliveries; these may block.
 * One watches the clock and judges, and never does. The client adds two for each of its two connections.
 */
final class RabbitBackplane implements Backplane {
    private static final int TICK_MILLIS = 100;
    private static final long START_NANOS = System.nanoTime();

    private final Settings settings;
    private final Names names;
    private final Dialer dialer;
    private final int expiresMillis;
    private final RareLog log = new RareLog(RabbitBackplane.class.getPackageName());
    private final Tally tally;
    private final Publications publications;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Running running;

    RabbitBackplane(Settings settings, Dialer dialer, Names names, int expiresMillis) {
        this.settings = settings;
        this.dialer = dialer;
        this.names = names;
        this.expiresMillis = expiresMillis;
        this.tally = new Tally(settings.meters(), log, this::isUp);
        this.publications = new Publications(settings, tally, log, RabbitBackplane::now);
    }

    /** Monotonic milliseconds. */
    static long now() {
        return (System.nanoTime() - START_NANOS) / 1_000_000;
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
        return started != null && !closed.get() && started.pulse.isUp();
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
        return "RabbitBackplane(" + settings.cluster() + ")";
    }

    /** What there is between start and close. */
    private final class Running implements Link.Owner {
        final Interest interest;
        final Pulse pulse;
        private final Inbound inbound;
        private final Linker linker;
        private final ExecutorService deliveries =
                Executors.newSingleThreadExecutor(task -> Dialer.daemon(task, "switchboard-rabbitmq-in"));
        private final ScheduledExecutorService judge =
                Executors.newSingleThreadScheduledExecutor(task -> Dialer.daemon(task, "switchboard-rabbitmq-judge"));

        Running(Listener listener) {
            interest = new Interest(names, settings.format(), RabbitBackplane::now, this::wake);
            pulse = new Pulse(publications, listener, tally, log, RabbitBackplane::now, this::lost);
            settings.meters()
                    .gauge(
                            "switchboard.backplane.everything",
                            "1 while the broker brings this node all publications, 0 while only those it asked for.",
                            () -> interest.hearsEverything() ? 1 : 0);
            linker = new Linker(
                    dialer,
                    names,
                    interest,
                    this,
                    link -> judged(() -> pulse.linked(link)),
                    deliveries,
                    log,
                    RabbitBackplane::now,
                    expiresMillis);
            inbound = new Inbound(
                    names,
                    interest,
                    new Reception("RabbitMQ", settings.format(), settings.self(), tally, log),
                    tally,
                    settings.meters(),
                    listener,
                    deliveries,
                    RabbitBackplane::now,
                    number -> judged(() -> pulse.pong(number)));
        }

        private void wake() {
            linker.wake();
        }

        /** What was confirmed by a link that is gone counts no more, before anybody can see that it is. */
        private void lost() {
            interest.doubtAll();
            wake();
        }

        @SuppressWarnings("FutureReturnValueIgnored") // The tick sees to its own failures.
        void start() {
            judge.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            Dialer.daemon(linker, "switchboard-rabbitmq-link").start();
            Dialer.daemon(new Publisher(settings, names, publications), "switchboard-rabbitmq-out")
                    .start();
        }

        private void tick() {
            try {
                publications.tick();
                pulse.tick();
            } catch (RuntimeException e) {
                log.bug("the RabbitMQ bridge stumbled", e);
            }
        }

        private void judged(Runnable task) {
            try {
                judge.execute(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        log.bug("the RabbitMQ bridge stumbled", e);
                    }
                });
            } catch (RejectedExecutionException _closed) {
                // Nobody wants to know any more.
            }
        }

        @Override
        public void died(Link link) {
            judged(() -> pulse.lost(link));
            linker.wake();
        }

        @Override
        public void confirmed(Link link, long number, boolean multiple, Remote remote) {
            publications.confirmed(link, number, multiple, remote);
        }

        @Override
        public void pingReturned(Link link) {
            judged(() -> pulse.pingReturned(link));
        }

        @Override
        public void blocked(Link link, String why) {
            judged(() -> pulse.blocked(link, why));
        }

        @Override
        public void unblocked(Link link) {
            judged(() -> pulse.unblocked(link));
        }

        @Override
        public Consumer consumer(Link link, Channel in) {
            return inbound.consumer(link, in);
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
