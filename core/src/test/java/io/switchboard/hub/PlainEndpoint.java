package io.switchboard.hub;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A protocol of one line each: {@code join T}, {@code leave T}, {@code bind T user}, {@code pub T text}, and so on. */
final class PlainEndpoint implements Endpoint<String>, Encoder {
    int encoded;

    @Override
    public String protocol() {
        return "plain";
    }

    @Override
    public String path() {
        return "/plain/{id}";
    }

    @Override
    public Opening<String> open(Request request) {
        return new Opening<>(request.variable("id"), "plain", List.of(), "");
    }

    @Override
    public Encoder encoder() {
        return this;
    }

    @Override
    public void decode(String state, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        String[] words = StandardCharsets.UTF_8.decode(content).toString().split(" ", 3);
        commands.accept(
                switch (words[0]) {
                    case "join" ->
                        new Command.Join(Topic.of(words[1]), words.length > 2 ? Message.text(words[2]) : null);
                    case "bind" -> new Command.Bind(Topic.of(words[1]), words[2], "");
                    case "leave" -> new Command.Leave(Topic.of(words[1]));
                    case "pub" -> new Command.Publish(Topic.of(words[1]), Message.text(words[2]), Exclusion.USER);
                    case "echo" -> new Command.Echo(Message.text(words[1]));
                    default -> new Command.Malformed(words[0]);
                });
    }

    @Override
    public void encode(Event event, FrameSink out) {
        encoded++;
        if (event instanceof Event.Published(var publication)
                && publication.message().asText().equals("unspeakable")) {
            throw new IllegalStateException("thrown by the test");
        }
        out.begin(true, 16);
        out.utf8(
                switch (event) {
                    case Event.Published(var publication) ->
                        publication.topic() + " " + publication.sender().user() + ": "
                                + publication.message().asText();
                    case Event.Joined(Topic topic, String user) -> "joined " + topic;
                    case Event.Left(Topic topic, String user) -> "left " + topic;
                    case Event.Echoed(Message message) -> message.asText();
                    case Event.Refused refused -> "refused " + refused.reason();
                    case Event.Gap(Topic topic) -> topic == null ? "gap" : "gap " + topic;
                    case Event.Closing(var reason) -> "closing " + reason.code();
                });
        out.end();
    }
}
