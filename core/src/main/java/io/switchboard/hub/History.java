package io.switchboard.hub;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.log.Log;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Namespace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The node's end of the log, which carries the publications of topics with history in place of the backplane. Safe from
 * any thread.
 */
final class History implements Backplane.Listener {
    private static final System.Logger LOG = System.getLogger(History.class.getName());
    private static final Log.Retention NOTHING = new Log.Retention(0, Duration.ZERO);

    private final Hub hub;
    private final Log log;
    final LongAdder repairs;
    final LongAdder lost;
    final LongAdder recovered;
    final LongAdder notRecovered;
    final LongAdder reads;
    final CompletableFuture<Void> linked = new CompletableFuture<>();

    History(Hub hub, Log log, Meters meters) {
        this.hub = hub;
        this.log = log;
        reads = meters.counter("switchboard.history.reads", "Times the log was read");
        repairs = meters.counter(
                "switchboard.history.repairs", "Of those, the ones that closed a hole or looked for one");
        lost = meters.counter("switchboard.history.lost", "Times listeners were told that a hole could not be closed");
        recovered = meters.counter("switchboard.history.recoveries", "Catching up", "outcome", "recovered");
        notRecovered = meters.counter("switchboard.history.recoveries", "Catching up", "outcome", "not_recovered");
        meters.gauge("switchboard.history.up", "1 while the log answers", () -> log.isUp() ? 1 : 0);
    }

    void open() {
        log.start(this);
    }

    boolean isUp() {
        return log.isUp();
    }

    /** Whether publications to the topic go through the log. */
    boolean keeps(Topic topic) {
        return keeps(hub.namespaces.of(topic));
    }

    static boolean keeps(Namespace namespace) {
        return namespace.history().isKept() && namespace.scope() == Namespace.Scope.CLUSTER;
    }

    CompletionStage<Void> subscribe(Topic topic) {
        return log.subscribe(topic);
    }

    void unsubscribe(Topic topic) {
        log.unsubscribe(topic);
    }

    // Publishing

    void append(Outgoing outgoing, PublishOptions options) {
        Publication publication = outgoing.publication();
        Namespace.History rules = hub.namespaces.of(publication.topic()).history();
        var retention = options.skipHistory() ? NOTHING : new Log.Retention(rules.size(), rules.ttl());
        var terms = new Log.Terms(retention, options.key(), options.version(), options.versionEpoch());
        var ignored = log.append(publication, terms).whenComplete((appended, failure) -> {
            if (failure == null) {
                appended.position().ifPresent(outgoing::placed);
                outgoing.settled(Remote.ACCEPTED);
            } else {
                outgoing.settled(isRefusal(failure) ? Remote.REFUSED : Remote.UNKNOWN);
            }
        });
    }

    private static boolean isRefusal(Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return why instanceof Log.RefusedException;
    }

    // Reading

    CompletionStage<Log.Page> read(Topic topic, Position since, int limit) {
        reads.increment();
        return log.read(topic, Optional.of(since), limit);
    }

    CompletionStage<Log.Page> newest(Topic topic) {
        reads.increment();
        return log.readBack(topic, Optional.empty(), 1);
    }

    CompletionStage<Position> top(Topic topic) {
        reads.increment();
        return log.top(topic);
    }

    CompletionStage<Void> remove(Topic topic) {
        return keeps(topic) ? log.remove(topic) : none(topic);
    }

    private static <T> CompletionStage<T> none(Topic topic) {
        return CompletableFuture.failedFuture(new IllegalStateException("no history is kept of " + topic));
    }

    CompletionStage<Conversation.History> history(Topic topic, Conversation.HistoryQuery query) {
        if (!keeps(topic)) {
            return none(topic);
        }
        reads.increment();
        int max = hub.limits.recovery();
        int limit = query.limit() < 0 ? max : Math.min(query.limit(), max);
        Optional<Position> since = Optional.ofNullable(query.since());
        CompletionStage<Log.Page> page = limit == 0
                ? log.top(topic).thenApply(top -> new Log.Page(List.of(), top, true))
                : query.backwards() ? log.readBack(topic, since, limit) : log.read(topic, since, limit);
        return page.thenApply(found -> new Conversation.History(
                found.publications(),
                found.top(),
                isOf(query.since(), found.top().epoch())));
    }

    /** An empty epoch is any. */
    static boolean isOf(@Nullable Position position, String epoch) {
        return position == null
                || position.epoch().isEmpty()
                || position.epoch().equals(epoch);
    }

    // Hearing

    @Override
    public void received(List<Publication> batch) {
        hub.spread(batch);
    }

    /** What was appended meanwhile has been missed. */
    @Override
    public void linkUp() {
        LOG.log(System.Logger.Level.DEBUG, "the log answers");
        for (int i = 0; i < hub.shardCount(); i++) {
            Shard shard = hub.shard(i);
            shard.run(shard.tracks::checkAll);
        }
        linked.complete(null);
    }

    @Override
    public void linkDown(String why) {
        if (!hub.isDraining()) {
            LOG.log(System.Logger.Level.WARNING, "the log is down, topics with history are not published to: {0}", why);
        }
    }

    void close() {
        log.close();
    }
}
