package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Attempts;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Judge;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Reception;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The door of the bridge, and its threads: one links, one sends, one per topic of the broker takes what was pulled;
 * these may block. One watches the clock and judges, and never does. The client adds one for each queue, and a dozen
 * more.
 */
final class RocketBackplane implements Backplane {
    private final Settings settings;
    private final RocketTarget target;
    private final Names names;
    private final PublishedPlace nativePlace;
    private final RareLog log = new RareLog(RocketBackplane.class.getPackageName());
    private final Tally tally;
    private final Publications publications;
    private final Attempts attempts;
    private final Interest interest;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Running running;

    RocketBackplane(Settings settings, RocketTarget target, Names names) {
        this.settings = settings;
        this.target = target;
        this.names = names;
        this.tally = new Tally(settings.meters(), log, this::isUp);
        this.publications = new Publications(settings, tally, log, Judge::now);
        this.nativePlace = new PublishedPlace(names.nativeTopic(), "", true);
        this.attempts = new Attempts(target, log, Judge::now);
        this.interest = new Interest(settings.format(), nativePlace, attempts::wake);
    }

    /** Those of the bridge do not keep a program running. */
    static Thread.Builder thread(String purpose) {
        return Thread.ofPlatform().daemon().name("switchboard-rocketmq-" + purpose);
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
            interest.close();
        }
    }

    @Override
    public String toString() {
        return "RocketBackplane(" + settings.cluster() + ")";
    }

    /** What there is between start and close. */
    private final class Running {
        final Pulse pulse;
        private final Linker linker;
        private final Judge judge = new Judge("RocketMQ", log);

        Running(Listener listener) {
            pulse = new Pulse(publications, interest, listener, tally, log, Judge::now);
            var inbound = new Inbound(
                    names,
                    interest,
                    new Reception("RocketMQ", settings.format(), settings.self(), tally, log),
                    settings.meters(),
                    listener,
                    Judge::now,
                    (link, broker, number) -> judge.hear(() -> pulse.pong(link, broker, number)));
            linker = new Linker(
                    target,
                    settings,
                    names,
                    nativePlace,
                    interest,
                    inbound,
                    link -> judge.hear(() -> pulse.linked(link)),
                    link -> judge.hear(() -> pulse.lost(link)),
                    attempts);
        }

        void start() {
            judge.watch(this::tick);
            thread("link").start(linker);
            thread("out")
                    .start(new Publisher(
                            settings,
                            interest,
                            publications,
                            (link, why) -> judge.hear(() -> pulse.suspect(link, why))));
        }

        private void tick() {
            publications.tick();
            pulse.tick();
        }

        void close() {
            pulse.close();
            judge.hear(pulse::end);
            judge.close();
            attempts.close();
        }
    }
}
