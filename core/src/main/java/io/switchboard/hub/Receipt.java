package io.switchboard.hub;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Publication;
import io.switchboard.protocol.Event;

/** A client's publication on its way out: the client hears of it only if it was refused or is in doubt. */
final class Receipt implements Outgoing {
    private final Publication publication;
    private final Session session;

    Receipt(Publication publication, Session session) {
        this.publication = publication;
        this.session = session;
    }

    @Override
    public Publication publication() {
        return publication;
    }

    @Override
    public void settled(Remote remote) {
        if (remote == Remote.ACCEPTED) {
            return;
        }
        Hub hub = session.shard.hub;
        boolean refused = remote == Remote.REFUSED;
        (refused ? hub.notSent : hub.maybeSent).increment();
        // Not at once, even on this loop: what another thread was told before waits there already.
        session.shard.loop.execute(() -> {
            boolean kept = refused && Delivery.keepHere(session.shard, publication);
            session.tell(new Event.Refused(
                    refused ? Event.Reason.NOT_SENT : Event.Reason.MAYBE_SENT,
                    publication.topic().name(),
                    session.user(),
                    why(hub, refused, kept)));
        });
    }

    private String why(Hub hub, boolean refused, boolean kept) {
        if (!refused) {
            return "the link to other nodes did not confirm the message in time";
        } else if (hub.history.keeps(publication.topic())) {
            return "the log is down; nobody has the message";
        }
        return kept
                ? "the link to other nodes is down; clients of this node have the message"
                : "the link to other nodes is down; nobody has the message, try again later";
    }
}
