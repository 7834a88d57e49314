package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A protocol's view of a session. It remembers nothing itself: made whenever one is needed, it is soon forgotten. */
record Talk(Session session) implements Conversation {
    @Override
    public String id() {
        return session.id();
    }

    @Override
    public Identity identity() {
        return session.identity();
    }

    @Override
    public long millis() {
        return session.shard.millis();
    }

    @Override
    public Namespace namespace(Topic topic) {
        return hub().namespaces.of(topic);
    }

    private Hub hub() {
        return session.shard.hub;
    }

    @Override
    public void say(Event event) {
        session.tell(event);
    }

    @Override
    public void close(CloseReason reason) {
        session.close(reason);
    }

    // Waiting

    @Override
    public void later(Runnable task, long millis) {
        session.shard.loop.schedule(() -> whileItLives(task), millis);
    }

    @Override
    public <T> void await(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        var ignored = stage.whenComplete(
                (value, failure) -> session.shard.run(() -> whileItLives(() -> then.accept(value, failure))));
    }

    private void whileItLives(Runnable task) {
        if (session.lives()) {
            Commands.guarded(session, task);
        }
    }

    // Who it is, and what it listens to

    @Override
    public void identify(Identity identity, Consumer<@Nullable Refusal> then) {
        hub().entry.identify(session, identity, refusal -> whileItLives(() -> then.accept(refusal)));
    }

    @Override
    public int topicCount() {
        int onTheirWay = 0;
        for (Subscription subscription : session.subscriptions()) {
            onTheirWay += subscription.listens() && !subscription.isParticular() ? 0 : 1;
        }
        return session.joinedCount + onTheirWay;
    }

    @Override
    public boolean listensTo(Topic topic) {
        return session.listensTo(topic) || session.subscription(topic) != null;
    }

    @Override
    public void listen(Topic topic, Listening listening, Listening.Answer answer) {
        if (listensTo(topic)) {
            throw new IllegalStateException("the session listens to " + topic + " already");
        }
        if (session.lives()) {
            new Subscription(session, topic, listening, answer, null).begin();
        }
    }

    @Override
    public void listenTogether(List<Wish> wishes) {
        for (Wish wish : wishes) {
            if (listensTo(wish.topic())) {
                throw new IllegalStateException("the session listens to " + wish.topic() + " already");
            }
        }
        if (session.lives()) {
            new Together(session, wishes).begin();
        }
    }

    @Override
    public void leave(Topic topic) {
        session.shard.leave(session, topic);
        hub().bindings.release(session, topic);
    }

    // Publishing and reading

    @Override
    public void publish(Topic topic, Message message, Fields fields, boolean kept, Consumer<Published> then) {
        Hub hub = hub();
        hub.commands.countPublished();
        Delivery.of(
                session.shard,
                new Asked(
                        hub.publication(session.shard, topic, message, session.sender(), Exclusion.NONE, false, fields),
                        then),
                kept ? PublishOptions.NONE : PublishOptions.NOT_KEPT);
    }

    /** A publication whose publisher wants to know what came of it. */
    private final class Asked implements Outgoing {
        private final Publication publication;
        private final Consumer<Published> then;
        private volatile @Nullable Position position;

        Asked(Publication publication, Consumer<Published> then) {
            this.publication = publication;
            this.then = then;
        }

        @Override
        public Publication publication() {
            return publication;
        }

        @Override
        public void placed(Position place) {
            position = place;
        }

        @Override
        public void settled(Remote remote) {
            if (remote == Remote.ACCEPTED) {
                session.shard.run(() -> told(remote));
            } else {
                // Not at once, even on this loop: what another thread was told before waits there already.
                session.shard.loop.execute(() -> told(remote));
            }
        }

        private void told(Remote remote) {
            Event.Reason reason = switch (remote) {
                case ACCEPTED -> null;
                case REFUSED -> Event.Reason.NOT_SENT;
                case UNKNOWN -> Event.Reason.MAYBE_SENT;
            };
            if (remote == Remote.REFUSED) {
                hub().notSent.increment();
                Delivery.keepHere(session.shard, publication);
            } else if (remote == Remote.UNKNOWN) {
                hub().maybeSent.increment();
            }
            whileItLives(() -> then.accept(new Published(reason, position)));
        }
    }

    @Override
    public CompletionStage<History> history(Topic topic, HistoryQuery query) {
        return hub().history(topic, query);
    }

    @Override
    public CompletionStage<Map<String, Attendee>> presence(Topic topic) {
        return hub().attendance.all(topic);
    }

    @Override
    public CompletionStage<Headcount> headcount(Topic topic) {
        return hub().attendance.headcount(topic);
    }
}
