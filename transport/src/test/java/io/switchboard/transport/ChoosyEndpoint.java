package io.switchboard.transport;

import io.switchboard.message.Message;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Speaks binary with {@code ?format=binary}, agrees to sub-protocol {@code b} alone, and asks its clients itself. */
record ChoosyEndpoint() implements Endpoint<String> {
    private static final Encoder AS_TEXT = (event, out) -> encode(event, true, out);
    private static final Encoder AS_BINARY = (event, out) -> encode(event, false, out);

    @Override
    public String protocol() {
        return "choosy";
    }

    @Override
    public String path() {
        return "/choosy";
    }

    @Override
    public Opening<String> open(Request request) {
        return new Opening<>("", "", List.of(), "");
    }

    @Override
    public Encoder encoder() {
        return AS_TEXT;
    }

    @Override
    public List<Encoder> encoders() {
        return List.of(AS_TEXT, AS_BINARY);
    }

    @Override
    public Encoder encoder(Request request) {
        return switch (request.query().getOrDefault("format", "text")) {
            case "binary" -> AS_BINARY;
            case "unknown" -> (event, out) -> {};
            default -> AS_TEXT;
        };
    }

    @Override
    public Optional<String> subProtocol(List<String> offered) {
        return Optional.of("b");
    }

    @Override
    public boolean keepsAlive(Request request) {
        return !request.query().containsKey("ping");
    }

    @Override
    public void decode(String state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        commands.accept(new Command.Echo(Message.validated(kind, content)));
    }

    private static void encode(Event event, boolean text, FrameSink out) {
        if (event instanceof Event.Echoed(Message message)) {
            out.begin(text, message.length());
            message.writeTo(out);
            out.end();
        }
    }
}
