package io.switchboard.protocol;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the application wants done with a session, from whichever node it was said. */
public sealed interface Instruction {
    /** It shall listen to a topic, whether it asked or not. */
    record Subscribe(
            Topic topic, Listening listening, @Nullable Message data, OptionalLong expiresAtMillis)
            implements Instruction {}

    /** It shall listen no more. */
    record Unsubscribe(Topic topic, int code, String reason) implements Instruction {}

    /** It shall go. */
    record Disconnect(CloseReason reason) implements Instruction {}

    /**
     * What is known of it has changed.
     *
     * @param expired it is no longer true now
     * @param expiresAtMillis until when it is; empty for ever
     * @param info what others are told of it; null to leave it
     */
    record Refresh(
            boolean expired,
            OptionalLong expiresAtMillis,
            @Nullable Message info) implements Instruction {}
}
