package io.switchboard.hub;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocol.Instruction;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A protocol of one line each: {@code join T}, {@code leave T}, {@code bind T user}, {@code pub T text}, and so on. */
final class PlainEndpoint implements Endpoint<String>, Encoder {
    int encoded;

    /** What {@code act NAME} does. */
    final Map<String, Command.Action> actions = new HashMap<>();

    /** Told what is to be done with a session, in place of doing it. */
    @Nullable
    Consumer<Instruction> instructions;

    /** What the endpoint was told of its sessions. */
    final List<String> told = new ArrayList<>();

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
                    case "act" -> new Command.Act(action(words[1]), content.limit());
                    case "echo" -> new Command.Echo(Message.text(words[1]));
                    default -> new Command.Malformed(words[0]);
                });
    }

    private Command.Action action(String name) {
        return Objects.requireNonNull(actions.get(name), name);
    }

    @Override
    public void opened(String state, Conversation with) {
        told.add("opened " + with.identity().user());
        Command.Action atFirst = actions.get("opened");
        if (atFirst != null) {
            atFirst.begin(with, () -> {});
        }
    }

    @Override
    public void instructed(String state, Conversation with, Instruction instruction) {
        if (instructions == null) {
            Endpoint.super.instructed(state, with, instruction);
        } else {
            instructions.accept(instruction);
        }
    }

    @Override
    public void lost(String state, Conversation with, Topic topic) {
        told.add("lost " + with.identity().user() + " " + topic);
        with.say(new Event.Gap(topic));
    }

    @Override
    public void ended(String state, @Nullable CloseReason reason) {
        told.add("ended " + (reason == null ? "by itself" : reason.code()));
    }

    @Override
    public void encodeDelta(Publication publication, @Nullable Publication before, FrameSink out) {
        encoded++;
        String text = publication.message().asText();
        out.begin(true, 16);
        out.utf8(
                before == null
                        ? "whole " + text
                        : text + " after " + before.message().asText());
        out.end();
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
                    case Event.Attended(var publication, var present) ->
                        (present ? "came " : "went ") + publication.sender().user();
                    case Event.Said(var what) -> "said " + what;
                });
        out.end();
    }
}
