package io.switchboard.hub;

import io.switchboard.message.Topic;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Listening;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one session listens to one topic, where it does so in a way of its own or is on its way there. On its loop. */
final class Subscription {
    final Session session;
    final Topic topic;
    final Listening listening;
    private Listening.@Nullable Answer answer;
    private boolean ended;

    Subscription(Session session, Topic topic, Listening listening, Listening.Answer answer) {
        this.session = session;
        this.topic = topic;
        this.listening = listening;
        this.answer = answer;
    }

    /** Whether it listens already. */
    boolean listens() {
        return answer == null;
    }

    void begin() {
        session.keep(this);
        session.shard.acquire(topic, this::acquired);
    }

    private void acquired(Members members, boolean confirmed) {
        if (ended || !session.lives()) {
            session.shard.abandon(members);
            return;
        }
        session.shard.join(session, members);
        session.drop(this);
        begins(new Listening.Start(null, false, List.of(), confirmed));
        if (session.listensTo(topic)) {
            session.shard.attendees.came(session, topic, listening);
        }
    }

    private void begins(Listening.Start start) {
        Listening.Answer waiting = answer;
        answer = null;
        if (waiting != null) {
            Commands.guarded(session, () -> waiting.begins(start));
        }
    }

    /** The session wants it no more. */
    void end() {
        ended = true;
        session.drop(this);
        session.shard.leave(session, topic);
        Listening.Answer waiting = answer;
        answer = null;
        if (waiting != null && session.lives()) {
            Commands.guarded(
                    session, () -> waiting.fails(Event.Reason.NOT_A_LISTENER, "the session left the topic meanwhile"));
        }
    }
}
