package io.switchboard.protocol;

import io.switchboard.message.Message;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A way in by plain HTTP, for where a WebSocket does not get through: the answer to one request goes on for as long as
 * the session does, and carries what a WebSocket would. What the client says comes along with that request, and later
 * in requests of their own, by the {@link UplinkReader}.
 *
 * <p>The transport sends no pings here and closes none for being idle: the protocol alone finds out that a client has
 * gone silent. There is no close frame either: what a client is to be told comes from {@link Event.Closing}.
 */
public interface StreamEndpoint<S> extends Endpoint<S> {
    /** How frames stand in the answer. */
    enum Form {
        /** Each text frame on a line of its own; binary frames as they are, so they must tell where they end. */
        LINES,
        /** Events as browsers read them ({@code text/event-stream}): each frame is the data of one. */
        EVENTS
    }

    /**
     * Where the client sends what it says later.
     *
     * @param node which the client has to name
     * @param key which the client has to show: whoever has it speaks as the client
     */
    record Uplink(String node, String key) {}

    Form form();

    /** GET, POST, or both. */
    Set<String> methods();

    /** Of the answer. */
    String contentType(Request request);

    /**
     * What the client says first: handed to {@link #decode} when the session is in.
     *
     * @param body of the request, BINARY if it was sent as {@code application/octet-stream}, else TEXT; may be empty
     */
    Message first(Request request, Message body) throws Refusal.Thrown;

    /** @param uplink opens one; not before the session is in, always the same */
    Opening<S> open(Request request, Supplier<Uplink> uplink) throws Refusal.Thrown;

    @Override
    default Opening<S> open(Request request) throws Refusal.Thrown {
        throw new Refusal.Thrown(plainAnswer());
    }

    @Override
    default boolean keepsAlive(Request request) {
        return true;
    }

    /** How what clients say later is read; empty if they cannot say anything. */
    default Optional<UplinkReader> uplinkReader() {
        return Optional.empty();
    }
}
