package io.switchboard.protocols.inbox;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What clients and nodes say: {@code {"msgType":10,"to":2,"content":"Hi"}}, between nodes with {@code from} and
 * {@code time}. Names match in any case and with or without {@code _} and {@code -}, numbers may be texts, members that
 * are not known are passed over.
 */
record InboxBody(
        int msgType, long to, Message content, @Nullable String from, long time) {

    static InboxBody read(ByteBuffer bytes) throws MalformedException {
        var members = new Members();
        JsonReader in = JsonReader.of(bytes);
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            members.read(in);
        }
        in.end();
        Message content = members.content;
        if (members.msgType == null) {
            throw new MalformedException("\"msgType\" is missing: 10 (to a user) or 20 (to a group)");
        } else if (members.to == null) {
            throw new MalformedException("\"to\" is missing: whom is it for?");
        } else if (content == null) {
            throw new MalformedException("\"content\" is missing");
        }
        return new InboxBody(
                (int) whole("msgType", members.msgType, Integer.MIN_VALUE, Integer.MAX_VALUE),
                whole("to", members.to, Long.MIN_VALUE, Long.MAX_VALUE),
                content,
                members.from,
                members.time == null ? 0 : whole("time", members.time, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static long whole(String name, String text, long min, long max) throws MalformedException {
        try {
            long value = Long.parseLong(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new MalformedException("\"" + name + "\" must be a whole number");
    }

    private static final class Members {
        @Nullable
        String msgType;

        @Nullable
        String to;

        @Nullable
        Message content;

        @Nullable
        String from;

        @Nullable
        String time;

        void read(JsonReader in) throws MalformedException {
            switch (in.name().replace("_", "").replace("-", "").toLowerCase(Locale.ROOT)) {
                case "msgtype" -> msgType = scalar(in, "msgType");
                case "to" -> to = scalar(in, "to");
                case "content" -> content = content(in);
                case "from" -> from = scalar(in, "from");
                case "fromname" -> from = from == null ? scalar(in, "fromName") : from;
                case "time" -> time = scalar(in, "time");
                default -> in.skip();
            }
        }

        private static @Nullable String scalar(JsonReader in, String name) throws MalformedException {
            return switch (in.peek()) {
                case STRING -> in.string();
                case NUMBER -> in.number();
                case NULL -> {
                    in.skip();
                    yield null;
                }
                case TRUE, FALSE, OBJECT, ARRAY ->
                    throw new MalformedException("\"" + name + "\" must be a number or a text");
            };
        }

        /** A text as it is; anything else as compact JSON, as published. */
        private static @Nullable Message content(JsonReader in) throws MalformedException {
            return switch (in.peek()) {
                case STRING -> Message.checked(Message.Kind.TEXT, in.stringBytes());
                case NULL -> {
                    in.skip();
                    yield null;
                }
                case NUMBER, TRUE, FALSE, OBJECT, ARRAY -> Message.checked(Message.Kind.TEXT, in.compact());
            };
        }
    }
}
