package io.switchboard.protocol;

import io.switchboard.message.Message;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * One way into the server: a path and how its clients speak. Stateless and safe from any event loop; what it must
 * remember of a connection is {@code S}, an immutable value made by {@link #open}.
 */
public interface Endpoint<S> {
    /** The protocol's name, as in configuration and metrics. */
    String protocol();

    /**
     * A path template: literal segments and {@code {variables}}, as {@code /chat/user/{id}}. A parameter may follow, as
     * in {@code /hub?sign}: then only requests that give it a value are meant, and the value is one of the variables.
     * {@code ?sign} alone is any path that no other endpoint claims.
     */
    String path();

    /** Reads who wants in and what they listen to, without asking anybody. */
    Opening<S> open(Request request) throws Refusal.Thrown;

    Encoder encoder();

    /**
     * Reads one whole message of a client. The buffer is valid during the call only.
     *
     * @param kind TEXT (checked UTF-8) or BINARY
     */
    void decode(S state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands);

    /** The answer to a request on this path that does not ask for a WebSocket. */
    default Refusal plainAnswer() {
        return Refusal.of(400, "not websocket protocol");
    }

    /** The answer to a request on this path that asks for a WebSocket in a wrong way, here in usual words. */
    default Refusal malformedAnswer(Refusal usual) {
        return usual;
    }

    /** How a client is told that its message has more than {@code bytesMax} bytes. */
    default CloseReason tooBig(int bytesMax) {
        return CloseReason.TOO_BIG;
    }

    /** What the server answers to a client's close: by default its own code and reason. */
    default CloseReason closeAnswer(CloseReason fromClient) {
        return fromClient;
    }
}
