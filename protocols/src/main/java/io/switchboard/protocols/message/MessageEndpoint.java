package io.switchboard.protocols.message;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One path of the protocol. Its clients are nobody in particular. */
final class MessageEndpoint implements Endpoint<String> {
    private static final ByteBuffer PING =
            ByteBuffer.wrap("ping".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

    private final String path;
    private final Encoder encoder;
    private final Exclusion exclusion;
    private final LongAdder ignored;

    MessageEndpoint(String path, Encoder encoder, Exclusion exclusion, LongAdder ignored) {
        this.path = path;
        this.encoder = encoder;
        this.exclusion = exclusion;
        this.ignored = ignored;
    }

    @Override
    public String protocol() {
        return "message";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public Opening<String> open(Request request) {
        return new Opening<>("", "message", List.of(MessageProtocol.EVERYBODY), "");
    }

    @Override
    public void decode(String state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        if (kind == Message.Kind.BINARY || content.equals(PING)) {
            ignored.increment();
        } else {
            commands.accept(new Command.Publish(
                    MessageProtocol.EVERYBODY, Message.validated(Message.Kind.TEXT, content), exclusion));
        }
    }
}
