package io.switchboard.protocols.chat;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads what clients send. Names of JSON members match in any case, values of {@code Method} only as published. */
final class ChatBody {
    private static final String[] ONE = {"id", "msg"};
    private static final String[] CHANNEL = {"method", "group", "msgbody"};

    private ChatBody() {}

    /** {@code {"Id":"2","Msg":"Hello"}}. */
    record One(String id, Message message) {}

    /** {@code {"Method":..., "Group":..., "MsgBody":...}}: the body is read once the method is known. */
    record Channel(
            String method, @Nullable String group, @Nullable JsonReader body) {}

    static One one(JsonReader in) throws MalformedException {
        String id = null;
        Message message = null;
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            switch (in.nameAmong(ONE)) {
                case 0 ->
                    id = in.peek() == JsonReader.Token.STRING
                            ? in.string()
                            : scalar(in, "Id").asText();
                case 1 -> message = scalar(in, "Msg");
                default -> in.skip();
            }
        }
        in.end();
        if (id == null || id.isEmpty()) {
            throw new MalformedException("\"Id\" is missing: whom is it for?");
        }
        if (message == null) {
            throw new MalformedException("\"Msg\" is missing");
        }
        return new One(id, message);
    }

    static Channel channel(JsonReader in) throws MalformedException {
        String method = "All";
        String group = null;
        JsonReader body = null;
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            switch (in.nameAmong(CHANNEL)) {
                case 0 -> method = scalarOrNull(in, "Method", "All");
                case 1 -> group = scalarOrNull(in, "Group", "");
                case 2 -> body = JsonReader.of(in.compact());
                default -> in.skip();
            }
        }
        in.end();
        return new Channel(method, group, body);
    }

    /** The text of a group's or everyone's message: a string as it is, an object as compact JSON. */
    static Message text(@Nullable JsonReader body) throws MalformedException {
        if (body == null) {
            throw new MalformedException("\"MsgBody\" is missing");
        }
        return switch (body.peek()) {
            case STRING -> Message.validated(Message.Kind.TEXT, body.stringBytes());
            case NULL -> throw new MalformedException("\"MsgBody\" is null");
            // As the published code prints them.
            case TRUE -> Message.text("True");
            case FALSE -> Message.text("False");
            case NUMBER, OBJECT, ARRAY -> Message.validated(Message.Kind.TEXT, body.compact());
        };
    }

    /** The body of a one-to-one message: an object, or a string that holds one. */
    static One one(@Nullable JsonReader body, String missing) throws MalformedException {
        if (body == null) {
            throw new MalformedException(missing);
        }
        return one(body.peek() == JsonReader.Token.STRING ? JsonReader.of(body.stringBytes()) : body);
    }

    /** A whole frame as text; binary frames are read like text. Trailing NULs are the published code's padding. */
    static Message raw(Message.Kind kind, ByteBuffer content) throws MalformedException {
        checkText(kind, content);
        return Message.validated(Message.Kind.TEXT, withoutPadding(content));
    }

    /** A whole frame as a JSON document, likewise. */
    static JsonReader json(Message.Kind kind, ByteBuffer content) throws MalformedException {
        checkText(kind, content);
        return JsonReader.of(withoutPadding(content));
    }

    private static ByteBuffer withoutPadding(ByteBuffer content) {
        int end = content.limit();
        while (end > content.position() && content.get(end - 1) == 0) {
            end--;
        }
        return content.limit(end);
    }

    private static void checkText(Message.Kind kind, ByteBuffer content) throws MalformedException {
        if (kind == Message.Kind.BINARY) {
            try {
                var ignored = StandardCharsets.UTF_8.newDecoder().decode(content.duplicate());
            } catch (CharacterCodingException e) {
                throw new MalformedException("a binary message must hold UTF-8 text here");
            }
        }
    }

    private static Message scalar(JsonReader in, String name) throws MalformedException {
        return switch (in.peek()) {
            case STRING -> Message.validated(Message.Kind.TEXT, in.stringBytes());
            case NUMBER, TRUE, FALSE -> Message.validated(Message.Kind.TEXT, in.compact());
            case NULL -> throw new MalformedException("\"" + name + "\" is null");
            case OBJECT, ARRAY -> throw new MalformedException("\"" + name + "\" must be a string or a number");
        };
    }

    private static String scalarOrNull(JsonReader in, String name, String whenNull) throws MalformedException {
        if (in.peek() == JsonReader.Token.NULL) {
            in.skip();
            return whenNull;
        }
        return scalar(in, name).asText();
    }
}
