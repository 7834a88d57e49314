package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Namespace;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which way a publication goes: to the listeners here, to other nodes, or both. With the native format it is
 * delivered here first and the node skips its own when it comes back. A published format names no origin, so a
 * publication is either delivered here and not sent, or sent and delivered when it comes back, never both. With the
 * link down it is handed to the backplane all the same, which refuses it after those that were handed over before: so
 * what is refused, and then delivered here, stays in order.
 */
final class Delivery {
    private Delivery() {}

    /** A client's publication; runs on {@code at}'s loop. */
    static void of(Shard at, Outgoing outgoing) {
        of(at, outgoing, PublishOptions.NONE);
    }

    /** @param options for topics with history; the fields in it are not looked at */
    static void of(Shard at, Outgoing outgoing, PublishOptions options) {
        Publication publication = outgoing.publication();
        Topic topic = publication.topic();
        Hub hub = at.hub;
        Namespace namespace = hub.namespaces.of(topic);
        if (namespace.scope() == Namespace.Scope.NODE) {
            at.spread(publication);
            outgoing.settled(Remote.ACCEPTED);
        } else if (History.keeps(namespace)) {
            hub.history.append(outgoing, options);
        } else if (!hub.backplane.echoes(topic)) {
            at.spread(publication);
            at.send(outgoing);
        } else if (namespace.shortCut()) {
            shortCut(at, outgoing, hub.interests.wayTo(topic), 0);
        } else {
            at.send(outgoing);
        }
    }

    /**
     * The user may be here: each shard that should have it is asked in turn, and only if none has is it sent. What one
     * sender publishes takes the same way, so it stays in order.
     */
    private static void shortCut(Shard at, Outgoing outgoing, long shards, int reached) {
        if (shards != 0) {
            Shard there = at.hub.shard(Long.numberOfTrailingZeros(shards));
            there.run(() ->
                    shortCut(there, outgoing, shards & (shards - 1), reached + there.accept(outgoing.publication())));
        } else if (reached > 0) {
            if (outgoing instanceof Tally tally) {
                tally.local.addAndGet(reached);
            }
            outgoing.settled(Remote.ACCEPTED);
        } else {
            at.send(outgoing);
        }
    }

    /**
     * Certainly not sent, so it will not come back: with a published format the clients here get it now, or never.
     * Otherwise they have it already.
     *
     * @return whether they have it
     */
    static boolean keepHere(Shard at, Publication publication) {
        if (isHeldBack(at.hub, publication.topic())) {
            return false;
        }
        if (echoes(at.hub, publication.topic())) {
            at.spread(publication);
        }
        return true;
    }

    private static boolean isHeldBack(Hub hub, Topic topic) {
        return hub.namespaces.of(topic).scope() == Namespace.Scope.WHOLE && hub.backplane.echoes(topic);
    }

    private static boolean echoes(Hub hub, Topic topic) {
        return hub.backplane.echoes(topic) && !hub.history.keeps(topic);
    }

    /** The application's publication, with a count of the sessions here; runs on the topic's home loop. */
    static void counted(Shard at, Publication publication, PublishOptions options, CompletableFuture<Outcome> result) {
        Topic topic = publication.topic();
        Hub hub = at.hub;
        Namespace namespace = hub.namespaces.of(topic);
        var tally = new Tally(at, publication, result);
        if (topic.isIn("session")) {
            toSession(hub, tally);
        } else if (namespace.scope() == Namespace.Scope.NODE) {
            countedSpread(at, tally);
            tally.settled(Remote.ACCEPTED);
        } else if (History.keeps(namespace)) {
            hub.history.append(tally, options);
        } else if (!hub.backplane.echoes(topic)) {
            countedSpread(at, tally);
            at.send(tally);
        } else if (namespace.shortCut()) {
            shortCut(at, tally, hub.interests.wayTo(topic), 0);
        } else {
            at.send(tally);
        }
    }

    private static void toSession(Hub hub, Tally tally) {
        Publication publication = tally.publication();
        boolean ours = hub.withSession(publication.topic().rest(), session -> {
            if (session == null) {
                tally.settled(Remote.REFUSED);
            } else {
                session.tell(new Event.Published(publication));
                tally.local.incrementAndGet();
                tally.settled(Remote.ACCEPTED);
            }
        });
        if (!ours) {
            tally.settled(Remote.REFUSED);
        }
    }

    private static void countedSpread(Shard at, Tally tally) {
        Publication publication = tally.publication();
        for (long shards = at.hub.interests.shardsOf(publication.topic()); shards != 0; shards &= shards - 1) {
            Shard there = at.hub.shard(Long.numberOfTrailingZeros(shards));
            tally.parts.incrementAndGet();
            there.run(() -> {
                tally.local.addAndGet(there.accept(publication));
                tally.partDone();
            });
        }
    }

    /** Waits for all shards and for the backplane. */
    private static final class Tally implements Outgoing {
        private final Shard home;
        private final Publication publication;
        final AtomicInteger local = new AtomicInteger();
        final AtomicInteger parts = new AtomicInteger(1);
        private final CompletableFuture<Outcome> result;
        private volatile Remote remote = Remote.UNKNOWN;
        private volatile @Nullable Position position;

        Tally(Shard home, Publication publication, CompletableFuture<Outcome> result) {
            this.home = home;
            this.publication = publication;
            this.result = result;
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
        public void settled(Remote outcome) {
            remote = outcome;
            Topic topic = publication.topic();
            if (outcome == Remote.REFUSED && echoes(home.hub, topic) && !isHeldBack(home.hub, topic)) {
                // Not at once, as for clients: in the order in which it was refused.
                home.loop.execute(() -> {
                    countedSpread(home, this);
                    partDone();
                });
            } else {
                partDone();
            }
        }

        void partDone() {
            if (parts.decrementAndGet() == 0) {
                result.complete(new Outcome(local.get(), remote, position));
            }
        }
    }
}
