package io.switchboard.protocol;

import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a session listens to a topic.
 *
 * @param positioned told of a gap, by {@link Endpoint#lost}; only where the namespace keeps history
 * @param since what it heard last, if it wants what it missed
 * @param recovery whether it wants all that it missed, or the newest alone
 * @param delta publications may come as differences to the one before
 * @param present it is counted, and seen, among those who listen; they are told when it comes and goes
 * @param announced it hears who comes and goes
 * @param info what others are told of it in this topic, JSON
 * @param filter what of the topic it hears; null for all
 */
public record Listening(
        boolean positioned,
        @Nullable Position since,
        Namespace.Recovery recovery,
        boolean delta,
        boolean present,
        boolean announced,
        @Nullable Message info,
        @Nullable Predicate<Publication> filter) {
    /** Hears what comes from now on, and nothing else. */
    public static final Listening PLAIN =
            new Listening(false, null, Namespace.Recovery.STREAM, false, false, false, null, null);

    /**
     * How it begins.
     *
     * @param position where the topic stood; null where there is no history
     * @param recovered whether {@code missed} is all that it missed; false if it did not ask
     * @param missed in order, without what its filter keeps out
     * @param confirmed whether the broker has confirmed; if not, what other nodes publish may be missed
     */
    public record Start(@Nullable Position position, boolean recovered, List<Publication> missed, boolean confirmed) {}

    /** For those who do not want to know. */
    public static final Answer SILENT = new Answer() {
        @Override
        public void begins(Start start) {}

        @Override
        public void fails(Event.Reason reason, String detail) {}
    };

    /** Told, on the session's loop, what came of a wish to listen. One of the two, once. */
    public interface Answer {
        /** It listens. What is said to the client here goes out before any publication of the topic. */
        void begins(Start start);

        /** It does not listen: the log or the broker could not answer, or the session left the topic meanwhile. */
        void fails(Event.Reason reason, String detail);
    }
}
