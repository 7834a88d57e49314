package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.directory.Presence;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Conversation.Attendee;
import io.switchboard.protocol.Conversation.Headcount;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to topics: tells the store who of this node does, and the listeners on all nodes who comes and goes, each
 * where the namespace wants it. Nobody waits for the store: what it did not take it is told again when it answers. Safe
 * from any thread but where it says otherwise.
 */
public final class Attendance {
    private static final int PAGE = 1_000;
    private static final int AT_ONCE = 256;
    private static final Message NOTHING = Message.text("");

    /** A topic with more listeners than that is counted, or read page by page, and not told as a whole. */
    public static final int LISTED_MAX = 10_000;

    private final Hub hub;
    private final Presence store;
    private final ConcurrentMap<Topic, Integer> present = new ConcurrentHashMap<>();
    private final LongAdder failures;
    private final LongAdder rebuilt;

    /** On the loop of the first shard. */
    private @Nullable Settling settling;

    Attendance(Hub hub, Presence store, Meters meters) {
        this.hub = hub;
        this.store = store;
        failures = meters.counter("switchboard.presence.failed", "Times the store did not take who came or went");
        rebuilt = meters.counter("switchboard.presence.rebuilt", "Topics whose listeners the store was told anew");
        meters.gauge("switchboard.presence.topics", "Topics with listeners here that the store knows", present::size);
    }

    // Coming and going, on the session's loop

    void came(Session session, Topic topic, Listening listening) {
        Namespace.Attendance rules = hub.namespaces.of(topic).attendance();
        if (rules.kept()) {
            present.merge(topic, 1, Integer::sum);
            enter(session, topic, listening);
        }
        if (rules.announced()) {
            announce(Publication.Kind.JOIN, session, topic, listening.info());
        }
    }

    /** What is known of one who is present, for the first time or anew. */
    void enter(Session session, Topic topic, Listening listening) {
        if (hub.namespaces.of(topic).attendance().kept()) {
            written(store.enter(
                    topic,
                    new Presence.Entry(
                            session.id(), session.user(), session.identity().info(), listening.info())));
        }
    }

    void left(Session session, Topic topic, Listening listening) {
        Namespace.Attendance rules = hub.namespaces.of(topic).attendance();
        if (rules.kept()) {
            present.computeIfPresent(topic, (name, count) -> count == 1 ? null : count - 1);
            written(store.leave(topic, session.id()));
        }
        if (rules.announced()) {
            announce(Publication.Kind.LEAVE, session, topic, listening.info());
        }
    }

    private void written(CompletionStage<?> stage) {
        var ignored = stage.whenComplete((done, failure) -> {
            if (failure != null) {
                failures.increment();
                hub.logins.settleSoon();
            }
        });
    }

    private void announce(Publication.Kind kind, Session session, Topic topic, @Nullable Message topicInfo) {
        Message info = session.identity().info();
        Fields fields = info == null ? Fields.NONE : Fields.NONE.with(Fields.INFO, info.toByteArray());
        if (topicInfo != null) {
            fields = fields.with(Fields.TOPIC_INFO, topicInfo.toByteArray());
        }
        Fields along = fields;
        Sender sender = session.sender();
        Shard at = session.shard;
        // In a task of its own: whoever comes or goes may do so while the topic's listeners are being walked.
        at.loop.execute(() -> announce(at, kind, topic, sender, along));
    }

    private void announce(Shard at, Publication.Kind kind, Topic topic, Sender sender, Fields fields) {
        Publication publication = hub.publication(at, topic, NOTHING, sender, Exclusion.NONE, false, fields)
                .asKind(kind);
        if (hub.history.keeps(topic)) {
            // Where the topic's publications go, this node hears it from there as well.
            hub.history.append(new Announced(publication), PublishOptions.NOT_KEPT);
            return;
        }
        at.spread(publication);
        // A published format has no word for it, and would say something else.
        if (hub.namespaces.of(topic).scope() != Namespace.Scope.NODE && !hub.backplane.echoes(topic)) {
            at.send(new Announced(publication));
        }
    }

    /** What became of it on the way nobody asks: presence is there for whoever must know. */
    private record Announced(Publication publication) implements Outgoing {
        @Override
        public void settled(Remote remote) {}
    }

    // Asking

    private static <T> CompletionStage<T> unknown(Topic topic) {
        return CompletableFuture.failedFuture(new IllegalStateException(
                "it is not known who listens to " + topic + ": its namespace does not keep it"));
    }

    private boolean isKept(Topic topic) {
        return hub.namespaces.of(topic).attendance().kept();
    }

    private Set<Long> lapsed() {
        return hub.hasDirectory ? hub.logins.lapsed() : Set.of();
    }

    private void meet(Set<Long> nodes) {
        nodes.forEach(hub.logins::meet);
    }

    /** How many listen. */
    public CompletionStage<Headcount> headcount(Topic topic) {
        if (!isKept(topic)) {
            return unknown(topic);
        }
        return store.count(topic, lapsed()).thenApply(count -> {
            meet(count.nodes());
            return new Headcount(Math.toIntExact(count.sessions()), Math.toIntExact(count.users()), count.exact());
        });
    }

    /** All of them; fails if there are more than {@link #LISTED_MAX}. */
    public CompletionStage<Map<String, Attendee>> all(Topic topic) {
        return isKept(topic) ? more(topic, "", new LinkedHashMap<>()) : unknown(topic);
    }

    private CompletionStage<Map<String, Attendee>> more(Topic topic, String page, Map<String, Attendee> found) {
        return store.list(topic, page, PAGE, lapsed()).thenCompose(part -> {
            put(part, found);
            if (found.size() > LISTED_MAX) {
                return CompletableFuture.failedFuture(new TooManyException("more than " + LISTED_MAX
                        + " sessions listen to " + topic + ": count them, or read page by page"));
            }
            return part.next().isEmpty() ? CompletableFuture.completedFuture(found) : more(topic, part.next(), found);
        });
    }

    private void put(Presence.Page page, Map<String, Attendee> into) {
        meet(page.nodes());
        for (Presence.Entry entry : page.entries()) {
            into.put(
                    entry.session(),
                    new Attendee(new Sender(entry.user(), entry.session()), entry.info(), entry.topicInfo()));
        }
    }

    /** Some of them. */
    public CompletionStage<Attendants> page(Topic topic, String page, int limit) {
        if (!isKept(topic)) {
            return unknown(topic);
        }
        return store.list(topic, page, limit, lapsed()).thenApply(part -> {
            var found = new LinkedHashMap<String, Attendee>();
            put(part, found);
            return new Attendants(found, part.next());
        });
    }

    // Telling the store again

    /** Renews what the store has of this node, and tells it anew what it has not. */
    void settle() {
        Shard first = hub.shard(0);
        first.run(() -> {
            if (settling == null) {
                settling = new Settling(first);
                settling.proceed();
            }
        });
    }

    /** Goes through the topics, so many at a time, on one loop. */
    private final class Settling {
        private final Shard at;
        private final Iterator<Topic> left = present.keySet().iterator();
        private int underWay;

        Settling(Shard at) {
            this.at = at;
        }

        void proceed() {
            while (underWay < AT_ONCE && left.hasNext()) {
                Topic topic = left.next();
                underWay++;
                var ignored = store.keep(topic, present.getOrDefault(topic, 0))
                        .whenComplete((kept, failure) -> at.loop.execute(() -> settled(topic, kept)));
            }
            if (underWay == 0) {
                settling = null;
            }
        }

        private void settled(Topic topic, @Nullable Boolean kept) {
            underWay--;
            if (kept == null) {
                failures.increment();
                hub.logins.settleSoon();
            } else if (!kept) {
                tellAnew(topic);
            }
            proceed();
        }
    }

    /**
     * First nobody is there, then each shard says who is. It waits in between: a store may have to be told a command
     * twice before it knows it, and must not forget what it has been told meanwhile.
     */
    private void tellAnew(Topic topic) {
        rebuilt.increment();
        CompletionStage<Void> forgotten = store.forget(topic);
        written(forgotten);
        var ignored = forgotten.thenRun(() -> {
            for (int i = 0; i < hub.shardCount(); i++) {
                Shard shard = hub.shard(i);
                shard.run(
                        () -> shard.attendees.forEach(topic, (session, listening) -> enter(session, topic, listening)));
            }
        });
    }
}
