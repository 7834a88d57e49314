package io.switchboard.protocol;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import org.jspecify.annotations.Nullable;

/** What a client asks for. The commands of one session run strictly in order. */
public sealed interface Command {
    /** Send a message to a topic; answered only if it is refused. */
    record Publish(Topic topic, Message message, Exclusion exclusion) implements Command {}

    /**
     * Listen to a topic; answered by {@link Event.Joined}.
     *
     * @param notice what to tell the topic's other listeners once the session has joined
     */
    record Join(Topic topic, @Nullable Message notice) implements Command {}

    /** Listen no more; answered by {@link Event.Left}. */
    record Leave(Topic topic) implements Command {}

    /**
     * Take over a topic that has one listener at most, as an identity: whoever listened to it until now no longer does,
     * and stays connected. Answered by {@link Event.Joined}. A session that is known to be one user binds no other's.
     *
     * @param user whose topic it is
     * @param label what programs of a published design call the session, if they look for it
     */
    record Bind(Topic topic, String user, String label) implements Command {}

    /** Send the message back to this session alone. */
    record Echo(Message message) implements Command {}

    /** Bytes that are no command of this protocol; answered by {@link Event.Refused}, the session stays. */
    record Malformed(String why) implements Command {}

    /**
     * Whatever else a protocol does with its session. Later commands wait until it says that it is done.
     *
     * @param cost how many bytes it counts towards the limit of what a session may publish in a second
     */
    record Act(Action action, int cost) implements Command {}

    /** Work of a protocol, begun on the session's loop. */
    interface Action {
        /** @param done to be run once, on the session's loop, now or later */
        void begin(Conversation with, Runnable done);
    }
}
