package io.switchboard.protocols.chat;

import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The published JSON between nodes, on the channels {@code user:{id}}, {@code group:{id}} and {@code all}:
 *
 * <pre>{"FromId":"1","ToId":"2","Msg":"Hello"}</pre>
 *
 * In that order, without spaces, {@code ToId} null for everyone. Read in any case and order, unknown members ignored.
 * {@code ToId}, not the channel, says whom it is for. There is no origin: a node hears its own.
 */
public final class ChatWire implements WireFormat {
    private static final byte[] FROM = "{\"FromId\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TO = ",\"ToId\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MSG = ",\"Msg\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String formatName() {
        return "chat";
    }

    @Override
    public boolean carries(Topic topic) {
        String name = topic.name();
        return name.startsWith("user:") || name.startsWith("group:") || topic.equals(Topic.ALL);
    }

    @Override
    public boolean carriesOrigin() {
        return false;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        Message message = publication.message();
        if (message.kind() == Message.Kind.BINARY) {
            throw new IllegalArgumentException("the chat format carries text only, this message is binary");
        }
        sink.write(FROM);
        JsonStrings.write(publication.sender().user().getBytes(StandardCharsets.UTF_8), sink);
        sink.write(TO);
        if (publication.topic().equals(Topic.ALL)) {
            sink.write(NULL);
        } else {
            JsonStrings.write(publication.topic().rest().getBytes(StandardCharsets.UTF_8), sink);
        }
        sink.write(MSG);
        JsonStrings.write(JsonReader.plain(message).toByteArray(), sink);
        sink.write((byte) '}');
    }

    @Override
    public Publication decode(Topic channel, ByteBuffer in) throws MalformedException {
        var members = new Members();
        members.read(JsonReader.of(in));
        String from = members.from;
        Message message = members.message;
        if (from == null || message == null) {
            throw new MalformedException("FromId or Msg is missing");
        }
        try {
            Topic topic = target(channel, members.to);
            Exclusion exclusion = topic.isIn("user") ? Exclusion.NONE : Exclusion.USER;
            boolean notice = topic.isIn("group") && message.asText().equals(ChatText.joined(from, topic.rest()));
            return new Publication(
                    Publication.Kind.MESSAGE,
                    topic,
                    message,
                    new Sender(from, ""),
                    exclusion,
                    notice,
                    System.currentTimeMillis(),
                    Origin.UNKNOWN,
                    0,
                    null,
                    Fields.NONE);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("ToId: " + e.getMessage());
        }
    }

    private static Topic target(Topic channel, @Nullable String to) throws MalformedException {
        if (channel.isIn("all")) {
            return Topic.ALL;
        }
        if (to == null || to.isEmpty()) {
            throw new MalformedException("ToId is missing");
        }
        return channel.isIn("group") ? Topic.group(to) : Topic.user(to);
    }

    private static final class Members {
        @Nullable
        String from;

        @Nullable
        String to;

        @Nullable
        Message message;

        void read(JsonReader in) throws MalformedException {
            in.beginObject();
            for (boolean first = true; in.hasMember(first); first = false) {
                switch (in.name().toLowerCase(Locale.ROOT)) {
                    case "fromid" -> from = text(in);
                    case "toid" -> to = text(in);
                    case "msg" -> {
                        if (in.peek() == JsonReader.Token.STRING) {
                            message = Message.checked(Message.Kind.TEXT, in.stringBytes());
                        } else {
                            String text = text(in);
                            message = text == null ? null : Message.text(text);
                        }
                    }
                    default -> in.skip();
                }
            }
            in.end();
        }

        private static @Nullable String text(JsonReader in) throws MalformedException {
            return switch (in.peek()) {
                case STRING -> in.string();
                case NUMBER -> in.number();
                case NULL -> {
                    in.skip();
                    yield null;
                }
                case TRUE, FALSE, OBJECT, ARRAY -> throw new MalformedException("not a text");
            };
        }
    }
}
