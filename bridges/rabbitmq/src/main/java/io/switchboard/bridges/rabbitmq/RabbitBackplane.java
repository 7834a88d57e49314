package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import io.switchboard.backplane.Attempts;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Judge;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The door of the bridge, and its threads: one links and binds, one publishes, one takes deliveries; these may block.
 * One watches the clock and judges, and never does. The client adds two for each of its two connections.
 */
final class RabbitBackplane implements Backplane {
    private final Settings settings;
    private final Names names;
    private final Dialer dialer;
    private final int expiresMillis;
    private final RareLog log = new RareLog(RabbitBackplane.class.getPackageName());
    private final Tally tally;
    private final Publications publications;
    private final Attempts attempts;
    private final Interest interest;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Running running;

    RabbitBackplane(Settings settings, Dialer dialer, Names names, int expiresMillis) {
        this.settings = settings;
        this.dialer = dialer;
        this.names = names;
        this.expiresMillis = expiresMillis;
        this.tally = new Tally(settings.meters(), log, this::isUp);
        this.publications = new Publications(settings, tally, log, Judge::now);
        this.attempts = new Attempts(dialer, log, Judge::now);
        this.interest = new Interest(names, settings.format(), Judge::now, attempts::wake);
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
        interest.subscribe(topic, confirmed);
        return confirmed;
    }

    @Override
    public void unsubscribe(Topic topic) {
        interest.unsubscribe(topic);
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
            interest.close();
        }
    }

    @Override
    public String toString() {
        return "RabbitBackplane(" + settings.cluster() + ")";
    }

    /** What there is between start and close. */
    private final class Running implements Link.Owner {
        final Pulse pulse;
        private final Inbound inbound;
        private final Linker linker;
        private final ExecutorService deliveries =
                Executors.newSingleThreadExecutor(Dialer.thread("in").factory());
        private final Judge judge = new Judge("RabbitMQ", log);

        Running(Listener listener) {
            pulse = new Pulse(publications, listener, tally, log, Judge::now, this::lost);
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
                    link -> judge.hear(() -> pulse.linked(link)),
                    deliveries,
                    attempts,
                    log,
                    expiresMillis);
            inbound = new Inbound(
                    names,
                    interest,
                    new Reception("RabbitMQ", settings.format(), settings.self(), tally, log),
                    tally,
                    settings.meters(),
                    listener,
                    deliveries,
                    Judge::now,
                    number -> judge.hear(() -> pulse.pong(number)));
        }

        /** What was confirmed by a link that is gone counts no more, before anybody can see that it is. */
        private void lost() {
            interest.doubtAll();
            attempts.wake();
        }

        void start() {
            judge.watch(this::tick);
            Dialer.thread("link").start(linker);
            Dialer.thread("out").start(new Publisher(settings, names, publications));
        }

        private void tick() {
            publications.tick();
            pulse.tick();
        }

        @Override
        public void died(Link link) {
            judge.hear(() -> pulse.lost(link));
            attempts.wake();
        }

        @Override
        public void confirmed(Link link, long number, boolean multiple, Remote remote) {
            publications.confirmed(link, number, multiple, remote);
        }

        @Override
        public void pingReturned(Link link) {
            judge.hear(() -> pulse.pingReturned(link));
        }

        @Override
        public void blocked(Link link, String why) {
            judge.hear(() -> pulse.blocked(link, why));
        }

        @Override
        public void unblocked(Link link) {
            judge.hear(() -> pulse.unblocked(link));
        }

        @Override
        public Consumer consumer(Link link, Channel in) {
            return inbound.consumer(link, in);
        }

        void close() {
            pulse.close();
            judge.hear(pulse::end);
            judge.close();
            attempts.close();
        }
    }
}
