package io.switchboard.protocol;

/**
 * Spells events for one kind of client. Stateless: sessions with the same encoder and framing share the bytes, so an
 * event for a thousand of them is encoded once.
 */
public interface Encoder {
    /** Writes no frame (the event has no form in this protocol), one, or several. Runs on event loops. */
    void encode(Event event, FrameSink out);
}
