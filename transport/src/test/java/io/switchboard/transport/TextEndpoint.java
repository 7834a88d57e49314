package io.switchboard.transport;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A protocol for tests: {@code join g}, {@code leave g}, {@code pub g text}, {@code fail}; all else is echoed. */
record TextEndpoint(String protocol, String path) implements Endpoint<String> {
    private static final Encoder ENCODER = TextEndpoint::encode;

    @Override
    public Opening<String> open(Request request) throws Refusal.Thrown {
        String user = request.variables().getOrDefault("user", "");
        if (user.equals("nobody")) {
            throw new Refusal.Thrown(Refusal.of(401, "nobody may not"));
        } else if (user.equals("bug")) {
            throw new IllegalStateException("a bug of the endpoint, made for a test");
        }
        return new Opening<>(user, "", user.isEmpty() ? List.of() : List.of(Topic.user(user), Topic.ALL), user);
    }

    @Override
    public Encoder encoder() {
        return ENCODER;
    }

    @Override
    public void decode(String state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        if (kind == Message.Kind.BINARY) {
            commands.accept(new Command.Echo(Message.validated(kind, content)));
            return;
        }
        String text = StandardCharsets.UTF_8.decode(content.duplicate()).toString();
        String[] words = text.split(" ", 3);
        try {
            command(words, kind, content, commands);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            commands.accept(new Command.Malformed(String.valueOf(e.getMessage())));
        }
    }

    private static void command(String[] words, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        switch (words[0]) {
            case "join" -> commands.accept(new Command.Join(Topic.group(words[1]), null));
            case "leave" -> commands.accept(new Command.Leave(Topic.group(words[1])));
            case "pub" ->
                commands.accept(new Command.Publish(Topic.group(words[1]), Message.text(words[2]), Exclusion.NONE));
            case "fail" -> throw new IllegalStateException("a bug of the protocol, made for a test");
            default -> commands.accept(new Command.Echo(Message.validated(kind, content)));
        }
    }

    @Override
    public CloseReason closeAnswer(CloseReason fromClient) {
        return fromClient.text().equals("bye") ? new CloseReason(1000, "see you") : fromClient;
    }

    private static void encode(Event event, FrameSink out) {
        switch (event) {
            case Event.Published(var publication) -> frame(publication.message(), out);
            case Event.Echoed(Message message) -> frame(message, out);
            case Event.Joined(Topic topic, String user) -> frame(Message.text("joined " + topic.rest()), out);
            case Event.Left(Topic topic, String user) -> frame(Message.text("left " + topic.rest()), out);
            case Event.Refused refused -> frame(Message.text("refused " + refused.reason()), out);
            case Event.Gap gap -> frame(Message.text("gap"), out);
            case Event.Closing closing -> {}
            case Event.Attended attended -> {}
            case Event.Said said -> {}
        }
    }

    private static void frame(Message message, FrameSink out) {
        out.begin(message.kind() != Message.Kind.BINARY, message.length());
        message.writeTo(out);
        out.end();
    }
}
