package io.switchboard.protocol;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** How this protocol words an end that the hub decided on; the transport's own, as of broken frames, stay. */
    default CloseReason ending(CloseReason usual) {
        return usual;
    }

    /** All encoders that {@link #encoder(Request)} may choose. */
    default List<Encoder> encoders() {
        return List.of(encoder());
    }

    /** How this client wants to be spoken to. */
    default Encoder encoder(Request request) {
        return encoder();
    }

    /**
     * The sub-protocol that is agreed to, of those offered; the first by default, for some clients fail without one.
     */
    default Optional<String> subProtocol(List<String> offered) {
        return offered.stream().findFirst();
    }

    /**
     * Whether the protocol finds out by itself that a client has gone silent. If so the transport sends no ping frames
     * to its clients, and closes none for being idle.
     */
    default boolean keepsAlive(Request request) {
        return false;
    }

    /** The session is in: its first moment, on its loop. */
    default void opened(S state, Conversation with) {}

    /** Publications of a topic that it listens to by position may have been missed; it listens to it no more. */
    default void lost(S state, Conversation with, Topic topic) {
        with.say(new Event.Gap(topic));
    }

    /** Something is to be done with the session. By default it is, and the client is told nothing. */
    default void instructed(S state, Conversation with, Instruction instruction) {
        switch (instruction) {
            case Instruction.Subscribe subscribe -> {
                if (!with.listensTo(subscribe.topic())) {
                    with.listen(subscribe.topic(), subscribe.listening(), Listening.SILENT);
                }
            }
            case Instruction.Unsubscribe unsubscribe -> with.leave(unsubscribe.topic());
            case Instruction.Disconnect disconnect -> with.close(disconnect.reason());
            case Instruction.Refresh refresh -> {
                if (refresh.expired()) {
                    with.close(CloseReason.EXPIRED);
                }
            }
        }
    }

    /** The session has ended, for that reason or, if null, because its client went. On its loop, once. */
    default void ended(S state, @Nullable CloseReason reason) {}
}
