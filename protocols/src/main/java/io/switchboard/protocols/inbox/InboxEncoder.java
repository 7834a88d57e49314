package io.switchboard.protocols.inbox;

import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Spells events as the published {@code {"content":…,"fromUserId":…,"msgType":…,"time":…,"toUserId":…}}: members in the
 * order of the alphabet, those that are not known left out.
 */
final class InboxEncoder implements Encoder {
    private static final String KICKED = "在别处上线了，请在新的设备上查看消息！";
    private static final int HEAD = 128;

    /** Neither to a user nor to a group: clients of the published design pass over it. */
    private static final int ERROR = 0;

    private final LongAdder skipped;

    InboxEncoder(LongAdder skipped) {
        this.skipped = skipped;
    }

    @Override
    public void encode(Event event, FrameSink out) {
        switch (event) {
            case Event.Published(var publication) -> published(publication, out);
            case Event.Refused refused -> {
                String words = "error: " + (refused.detail().isEmpty() ? why(refused) : refused.detail());
                write(Message.text(words), "", ERROR, System.currentTimeMillis(), "", out);
            }
            case Event.Closing(var reason) -> {
                if (reason.equals(CloseReason.REPLACED)) {
                    byte[] words = KICKED.getBytes(StandardCharsets.UTF_8);
                    out.begin(true, words.length);
                    out.write(words);
                    out.end();
                }
            }
            case Event.Echoed echoed -> {}
            case Event.Joined joined -> {}
            case Event.Left left -> {}
            case Event.Gap gap -> {}
            case Event.Attended attended -> {}
            case Event.Said said -> {}
        }
    }

    private static String why(Event.Refused refused) {
        String group = refused.subject().substring(refused.subject().indexOf(':') + 1);
        return switch (refused.reason()) {
            case UNKNOWN_TOPIC, NOT_A_LISTENER -> "you are not a member of group " + group;
            case MALFORMED, NOT_PERMITTED, TOO_MANY_TOPICS, TOO_FAST, NOT_SENT, MAYBE_SENT, INTERNAL ->
                "the message was not carried out";
        };
    }

    private void published(Publication publication, FrameSink out) {
        Message message = publication.message();
        if (message.kind() == Message.Kind.BINARY) {
            skipped.increment();
            return;
        }
        Topic topic = publication.topic();
        String from = publication.sender().user();
        long time = publication.timeMillis();
        if (topic.equals(InboxProtocol.EVERYBODY)) {
            OpenGroup open = OpenGroup.of(message);
            write(open.text(), from, InboxProtocol.GROUP, time, open.group(), out);
        } else {
            int type = topic.isIn("user") ? InboxProtocol.SINGLE : InboxProtocol.GROUP;
            write(JsonReader.compacted(message), from, type, time, topic.rest(), out);
        }
    }

    private static void write(Message content, String from, int type, long time, String to, FrameSink out) {
        out.begin(true, HEAD + content.length());
        out.utf8("{\"content\":");
        JsonStrings.write(content.toByteArray(), out);
        id(",\"fromUserId\":", from, out);
        out.utf8(",\"msgType\":" + type + ",\"time\":" + time);
        id(",\"toUserId\":", to, out);
        out.write((byte) '}');
        out.end();
    }

    private static void id(String name, String id, FrameSink out) {
        if (!id.isEmpty()) {
            out.utf8(name);
            InboxIds.write(id, out);
        }
    }
}
