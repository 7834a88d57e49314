package io.switchboard.hub;

import io.switchboard.backplane.RareLog;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Memberships;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a session listens to because others have decided so ({@link Memberships}). Lives on the session's loop. */
final class Belonging {
    private static final RareLog LOG = new RareLog(Belonging.class.getName());

    private final Session session;
    private final Memberships memberships;
    private final Set<Topic> topics;

    /** Counts the questions, so that a late answer to an old one is not taken for the newest. */
    private int asked;

    /** @param topics it listens to already */
    Belonging(Session session, Memberships memberships, List<Topic> topics) {
        this.session = session;
        this.memberships = memberships;
        this.topics = new HashSet<>(topics);
    }

    /** Asks again what the session should listen to, and sees to it. */
    void refresh() {
        int question = ++asked;
        var ignored = memberships
                .of(session.user())
                .whenComplete((answer, failure) -> session.shard.run(() -> {
                    if (failure != null) {
                        unknown(failure);
                    } else if (question == asked && !session.closed && !session.leaving) {
                        become(answer);
                    }
                }));
    }

    /** What they were is kept; those who keep the lists have everybody asked again when the store is back. */
    static void unknown(Throwable failure) {
        LOG.warn(
                "unknown",
                "what a user belongs to is not known, for its store does not answer: " + failure,
                System.nanoTime() / 1_000_000);
    }

    private void become(List<Topic> answer) {
        for (Topic topic : List.copyOf(topics)) {
            if (!answer.contains(topic)) {
                topics.remove(topic);
                session.shard.leave(session, topic);
            }
        }
        for (Topic topic : answer) {
            if (topics.add(topic)) {
                session.shard.acquire(topic, (members, confirmed) -> acquired(topic, members));
            }
        }
    }

    private void acquired(Topic topic, Members members) {
        if (session.closed || session.leaving || !topics.contains(topic) || session.listensTo(topic)) {
            session.shard.abandon(members);
        } else {
            session.shard.join(session, members);
            session.shard.attendees.came(session, topic);
        }
    }
}
