package io.switchboard.protocol;

import io.switchboard.message.Publication;
import org.jspecify.annotations.Nullable;

/**
 * Spells events for one kind of client. Stateless: sessions with the same encoder and framing share the bytes, so an
 * event for a thousand of them is encoded once.
 */
public interface Encoder {
    /** Writes no frame (the event has no form in this protocol), one, or several. Runs on event loops. */
    void encode(Event event, FrameSink out);

    /**
     * Spells a publication for sessions that listen with {@link Listening#delta}: by how it differs from the one of its
     * topic before, or whole to those who have not heard that one. By default as for everybody else.
     *
     * @param before null for the whole
     */
    default void encodeDelta(Publication publication, @Nullable Publication before, FrameSink out) {
        encode(new Event.Published(publication), out);
    }
}
