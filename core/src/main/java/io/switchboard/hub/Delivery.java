package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which way a publication goes: to the listeners here, to other nodes, or both. With the native format it is
 * delivered here first and the node skips its own when it comes back. A published format names no origin, so a
 * publication is either delivered here and not sent, or sent and delivered when it comes back, never both.
 */
final class Delivery {
    private Delivery() {}

    /** A client's publication; runs on {@code at}'s loop. */
    static void of(Shard at, Outgoing outgoing) {
        Publication publication = outgoing.publication();
        Topic topic = publication.topic();
        Hub hub = at.hub;
        if (hub.namespaces.of(topic).scope() == Namespace.Scope.NODE) {
            at.spread(publication);
        } else if (!hub.backplane.echoes(topic)) {
            at.spread(publication);
            at.send(outgoing);
        } else if (topic.isIn("user") && hub.interests.shardsOf(topic) != 0) {
            shortCut(at, outgoing);
        } else {
            sendOrKeep(at, outgoing);
        }
    }

    /** The user seems to be here: the shard that should have it knows, and sends it on if not. */
    private static void shortCut(Shard at, Outgoing outgoing) {
        Publication publication = outgoing.publication();
        long shards = at.hub.interests.shardsOf(publication.topic());
        if (Long.bitCount(shards) > 1) {
            at.spread(publication);
            outgoing.settled(Remote.ACCEPTED);
            return;
        }
        Shard there = at.hub.shard(Long.numberOfTrailingZeros(shards) & Long.SIZE - 1);
        there.run(() -> {
            if (there.accept(publication) > 0) {
                outgoing.settled(Remote.ACCEPTED);
            } else {
                sendOrKeep(there, outgoing);
            }
        });
    }

    private static void sendOrKeep(Shard at, Outgoing outgoing) {
        if (at.hub.backplane.isUp()) {
            at.send(outgoing);
        } else {
            at.spread(outgoing.publication());
            outgoing.settled(Remote.REFUSED);
        }
    }

    /** The application's publication, with a count of the sessions here; runs on the topic's home loop. */
    static void counted(Shard at, Publication publication, CompletableFuture<Outcome> result) {
        Topic topic = publication.topic();
        Hub hub = at.hub;
        var tally = new Tally(publication, result);
        if (topic.isIn("session")) {
            hub.withSession(topic.rest(), session -> session.tell(new Event.Published(publication)));
            tally.settled(Remote.ACCEPTED);
        } else if (hub.namespaces.of(topic).scope() == Namespace.Scope.NODE) {
            countedSpread(at, tally, Remote.ACCEPTED);
        } else if (!hub.backplane.echoes(topic)) {
            countedSpread(at, tally, null);
            at.send(tally);
        } else if (topic.isIn("user") && hub.interests.shardsOf(topic) != 0) {
            countedSpread(at, tally, Remote.ACCEPTED);
        } else if (hub.backplane.isUp()) {
            at.send(tally);
        } else {
            countedSpread(at, tally, Remote.REFUSED);
        }
    }

    private static void countedSpread(Shard at, Tally tally, @Nullable Remote remote) {
        Publication publication = tally.publication();
        for (long shards = at.hub.interests.shardsOf(publication.topic()); shards != 0; shards &= shards - 1) {
            Shard there = at.hub.shard(Long.numberOfTrailingZeros(shards));
            tally.parts.incrementAndGet();
            there.run(() -> {
                tally.local.addAndGet(there.accept(publication));
                tally.partDone();
            });
        }
        if (remote != null) {
            tally.settled(remote);
        }
    }

    /** Waits for all shards and for the backplane. */
    private static final class Tally implements Outgoing {
        private final Publication publication;
        final AtomicInteger local = new AtomicInteger();
        final AtomicInteger parts = new AtomicInteger(1);
        private final CompletableFuture<Outcome> result;
        private volatile Remote remote = Remote.UNKNOWN;

        Tally(Publication publication, CompletableFuture<Outcome> result) {
            this.publication = publication;
            this.result = result;
        }

        @Override
        public Publication publication() {
            return publication;
        }

        @Override
        public void settled(Remote outcome) {
            remote = outcome;
            partDone();
        }

        void partDone() {
            if (parts.decrementAndGet() == 0) {
                result.complete(new Outcome(local.get(), remote));
            }
        }
    }
}
