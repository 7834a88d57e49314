package io.switchboard.protocol;

import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import org.jspecify.annotations.Nullable;

/** What the server tells a client. */
public sealed interface Event {
    record Published(Publication publication) implements Event {}

    record Joined(Topic topic, String user) implements Event {}

    record Left(Topic topic, String user) implements Event {}

    record Echoed(Message message) implements Event {}

    /**
     * A command was not carried out; the session stays.
     *
     * @param subject the topic or thing it was about, empty if none
     * @param user the session's user
     */
    record Refused(Reason reason, String subject, String user, String detail) implements Event {}

    /**
     * Publications have been missed, or may have been.
     *
     * @param topic of which some were dropped because the client did not keep up; null for every topic without history,
     *     because the link to other nodes was down
     */
    record Gap(@Nullable Topic topic) implements Event {
        /** The link to other nodes was down. */
        public Gap() {
            this(null);
        }
    }

    /** What one protocol alone says: an answer to a request, most often. Its own encoder knows what it means. */
    interface Special {}

    /** Something that only this protocol's encoder knows to spell. */
    record Said(Special what) implements Event {}

    /** Somebody began to listen to a topic, or does so no more ({@code present} false). */
    record Attended(Publication publication, boolean present) implements Event {}

    /** Said before the session is closed, by protocols that have a place for it. */
    record Closing(CloseReason reason) implements Event {}

    /** Why a command was refused. Each is counted. */
    enum Reason {
        MALFORMED,
        UNKNOWN_TOPIC,
        NOT_A_LISTENER,
        NOT_PERMITTED,
        TOO_MANY_TOPICS,
        TOO_FAST,
        NOT_SENT,
        MAYBE_SENT,
        INTERNAL
    }
}
