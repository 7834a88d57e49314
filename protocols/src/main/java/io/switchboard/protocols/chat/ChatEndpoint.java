package io.switchboard.protocols.chat;

import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Names;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Command;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** One path of the protocol: which topics it opens with, and how its clients speak, is the {@link Style}. */
final class ChatEndpoint implements Endpoint<ChatEndpoint.Member> {
    private static final int ID_BYTES_MAX = 200;

    /** Who speaks, and to which topic if the path says so; {@code all} where messages name their own. */
    record Member(String user, Topic topic) {}

    /** How an endpoint reads its path and its clients. */
    interface Style {
        Opening<Member> open(Request request);

        List<Command> decode(Member member, Message.Kind kind, ByteBuffer content) throws MalformedException;
    }

    private final String path;
    private final Encoder encoder;
    private final Style style;
    private final CloseReason closeAnswer;

    ChatEndpoint(String path, Encoder encoder, Style style) {
        this(path, encoder, style, CloseReason.NORMAL);
    }

    /** @param closeAnswer what to answer a client's close with; {@link CloseReason#NORMAL} for the client's own */
    ChatEndpoint(String path, Encoder encoder, Style style, CloseReason closeAnswer) {
        this.path = path;
        this.encoder = encoder;
        this.style = style;
        this.closeAnswer = closeAnswer;
    }

    @Override
    public String protocol() {
        return "chat";
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
    public Opening<Member> open(Request request) throws Refusal.Thrown {
        try {
            return style.open(request);
        } catch (IllegalArgumentException e) {
            throw new Refusal.Thrown(Refusal.of(400, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void decode(Member member, Message.Kind kind, ByteBuffer content, Consumer<Command> commands) {
        List<Command> decoded;
        try {
            decoded = style.decode(member, kind, content);
        } catch (MalformedException | IllegalArgumentException e) {
            decoded = List.of(new Command.Malformed(String.valueOf(e.getMessage())));
        }
        // Outside of the try: what fails while a command runs is no mistake of the client's.
        for (int i = 0; i < decoded.size(); i++) {
            commands.accept(decoded.get(i));
        }
    }

    @Override
    public CloseReason closeAnswer(CloseReason fromClient) {
        return closeAnswer.equals(CloseReason.NORMAL) ? fromClient : closeAnswer;
    }

    static String id(String what, String value) {
        return Names.check(what, value, ID_BYTES_MAX);
    }

    static Opening<Member> opening(String user, String device, Topic spokenTo, Topic... topics) {
        return new Opening<>(user, device, List.of(topics), new Member(user, spokenTo));
    }

    static Command.Publish toUser(ChatBody.One one) {
        return new Command.Publish(Topic.user(id("\"Id\"", one.id())), one.message(), Exclusion.NONE);
    }

    static Command.Publish toOthers(Topic topic, Message message) {
        return new Command.Publish(topic, message, Exclusion.USER);
    }
}
