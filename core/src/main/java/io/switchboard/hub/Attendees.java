package io.switchboard.hub;

import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Those of a shard's sessions that are present in topics, and those that want to hear who comes and goes. On its loop.
 * Sessions that do neither, nearly all, are not known here and cost nothing.
 */
final class Attendees {
    private static final System.Logger LOG = System.getLogger(Attendees.class.getName());
    private static final Listening PRESENT =
            new Listening(false, null, Namespace.Recovery.STREAM, false, true, false, null, null);

    private final Shard shard;
    private final Map<Topic, Set<Session>> topics = new HashMap<>();

    Attendees(Shard shard) {
        this.shard = shard;
    }

    /** The session listens; what it was told of that has gone out. */
    void came(Session session, Topic topic, Listening listening) {
        if (listening.present() || listening.announced()) {
            session.attend(topic, listening);
            topics.computeIfAbsent(topic, none -> new LinkedHashSet<>(2)).add(session);
            if (listening.present()) {
                shard.hub.attendance.came(session, topic, listening);
            }
        }
    }

    /** The session listens without having said how: it is present wherever that is kept, or told. */
    void came(Session session, Topic topic) {
        Namespace.Attendance rules = shard.hub.namespaces.of(topic).attendance();
        if (rules.kept() || rules.announced()) {
            came(session, topic, PRESENT);
        }
    }

    /** What others are told of the session has changed. */
    void changed(Session session) {
        session.attended().forEach((topic, listening) -> {
            if (listening.present()) {
                shard.hub.attendance.enter(session, topic, listening);
            }
        });
    }

    /** The session listens no more. Idempotent. */
    void left(Session session, Topic topic) {
        Listening listening = session.attended().get(topic);
        if (listening != null) {
            session.attendNoMore(topic);
            forget(session, topic);
            if (listening.present()) {
                shard.hub.attendance.left(session, topic, listening);
            }
        }
    }

    /** Its connection is gone. */
    void gone(Session session) {
        List.copyOf(session.attended().keySet()).forEach(topic -> left(session, topic));
    }

    private void forget(Session session, Topic topic) {
        topics.computeIfPresent(topic, (name, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
    }

    /** Whether anybody here may want to hear who comes and goes. */
    boolean knows(Topic topic) {
        return topics.containsKey(topic);
    }

    /** Somebody has come or gone, here or elsewhere. */
    void hear(Publication publication) {
        Set<Session> sessions = topics.get(publication.topic());
        if (sessions == null) {
            return;
        }
        var event = new Event.Attended(publication, publication.kind() == Publication.Kind.JOIN);
        var encoded = new IdentityHashMap<Lane, FrameBatch>(2);
        try {
            for (Session session : List.copyOf(sessions)) {
                Listening listening = session.attended().get(publication.topic());
                if (listening != null && listening.announced()) {
                    session.tell(event, encoded.computeIfAbsent(session.lane, lane -> encoded(lane, event)));
                }
            }
        } finally {
            encoded.values().forEach(FrameBatch::release);
        }
    }

    /** What cannot be encoded is our bug; nobody is told then, and nothing else is disturbed. */
    private static FrameBatch encoded(Lane lane, Event event) {
        FrameBatch batch = lane.framing().open(FanOut.OVERHEAD);
        try {
            lane.encoder().encode(event, batch);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "who came or went could not be told", e);
        }
        return batch;
    }

    /** All that are present in the topic here. */
    void forEach(Topic topic, BiConsumer<Session, Listening> action) {
        for (Session session : topics.getOrDefault(topic, Set.of())) {
            Listening listening = session.attended().get(topic);
            if (listening != null && listening.present()) {
                action.accept(session, listening);
            }
        }
    }
}
