package io.switchboard.protocols.inbox;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.charset.StandardCharsets;

/**
 * A message to a group without a member list, as it goes to everybody: {@code {"group":"77","text":"hello"}}. A text of
 * the application's own is nobody's group.
 */
record OpenGroup(String group, Message text) {
    static Message message(String group, Message text) {
        var out = new ByteArraySink(text.length() + 32);
        out.utf8("{\"group\":");
        JsonStrings.write(group.getBytes(StandardCharsets.UTF_8), out);
        out.utf8(",\"text\":");
        JsonStrings.write(text.toByteArray(), out);
        out.write((byte) '}');
        return Message.validated(Message.Kind.JSON, out.view());
    }

    static OpenGroup of(Message message) {
        var other = new OpenGroup("", JsonReader.compacted(message));
        if (message.kind() != Message.Kind.JSON) {
            return other;
        }
        try {
            JsonReader in = JsonReader.of(message.view());
            if (in.peek() != JsonReader.Token.OBJECT) {
                return other;
            }
            in.beginObject();
            if (!in.hasMember(true) || !in.name().equals("group")) {
                return other;
            }
            String group = in.string();
            if (!in.hasMember(false) || !in.name().equals("text")) {
                return other;
            }
            return new OpenGroup(group, Message.validated(Message.Kind.TEXT, in.stringBytes()));
        } catch (MalformedException e) {
            return other;
        }
    }
}
