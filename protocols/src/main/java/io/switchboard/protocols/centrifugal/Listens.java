package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How a client listens to a channel, and how it is told that it does. */
final class Listens {
    private Listens() {}

    /** What a client wants, as far as it may. */
    record Wish(boolean positioned, boolean recoverable, boolean joinLeave, boolean delta, Ask.Resume resume) {
        /** Of one that did not ask: what the namespace has for everybody. */
        static Wish none(Ask.Resume resume) {
            return new Wish(false, false, false, false, resume);
        }
    }

    static Listening listening(Namespace namespace, Wish wish, @Nullable Message info, @Nullable TagFilter filter) {
        Namespace.History history = namespace.history();
        boolean recoverable = history.isKept() && (history.recoverable() || wish.recoverable());
        boolean positioned = recoverable || (history.isKept() && (history.positioned() || wish.positioned()));
        Ask.Resume resume = wish.resume();
        Namespace.Attendance attendance = namespace.attendance();
        return new Listening(
                positioned,
                recoverable && resume.recover() ? new Position(resume.offset(), resume.epoch()) : null,
                history.recovery(),
                wish.delta() && history.delta() && filter == null,
                attendance.kept() || attendance.announced(),
                attendance.pushed() || (wish.joinLeave() && attendance.announced()),
                info,
                filter);
    }

    /** Whether it may ask for what it missed when it comes back. */
    static boolean isRecoverable(Namespace namespace, Wish wish) {
        Namespace.History history = namespace.history();
        return history.isKept() && (history.recoverable() || wish.recoverable());
    }

    /** Of one that began to listen. */
    static Result.Subscribed subscribed(
            Listening listening, boolean recoverable, Listening.Start start, OptionalLong ttl, @Nullable Message data) {
        Position since = listening.since();
        Position top = start.position();
        boolean recovered = since != null && start.recovered();
        Position told = null;
        if (top != null && listening.positioned()) {
            told = since != null && recovered ? new Position(since.offset(), top.epoch()) : top;
        }
        return new Result.Subscribed(
                ttl,
                recoverable,
                listening.positioned(),
                told,
                since != null,
                recovered,
                recovered ? start.missed() : List.of(),
                data,
                listening.delta());
    }
}
