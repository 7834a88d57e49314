package io.switchboard.protocols.chat;

import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import io.switchboard.protocols.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/** Spells events as the published texts, each one text frame. Endings have no text here: the close code says it. */
final class ChatEncoder implements Encoder {
    private final LongAdder skipped;

    /** @param skipped counts binary messages, which this protocol has no form for */
    ChatEncoder(LongAdder skipped) {
        this.skipped = skipped;
    }

    @Override
    public void encode(Event event, FrameSink out) {
        switch (event) {
            case Event.Published(Publication publication) -> published(publication, out);
            case Event.Joined(Topic topic, String user) -> text(ChatText.joined(user, topic.rest()), out);
            case Event.Refused refused -> text(refusal(refused), out);
            case Event.Echoed(Message message) -> {
                out.begin(message.kind() != Message.Kind.BINARY, message.length());
                message.writeTo(out);
                out.end();
            }
            case Event.Left left -> {}
            case Event.Gap gap -> {}
            case Event.Closing closing -> {}
            case Event.Attended attended -> {}
            case Event.Said said -> {}
        }
    }

    private void published(Publication publication, FrameSink out) {
        if (publication.message().kind() == Message.Kind.BINARY) {
            skipped.increment();
            return;
        }
        Message message = JsonReader.plain(publication.message());
        byte[] prefix = prefix(publication).getBytes(StandardCharsets.UTF_8);
        out.begin(true, prefix.length + message.length());
        out.write(prefix);
        message.writeTo(out);
        out.end();
    }

    private static String prefix(Publication publication) {
        Topic topic = publication.topic();
        String from = publication.sender().user();
        if (topic.isIn("group")) {
            return ChatText.group(topic.rest(), from);
        }
        return topic.isIn("all") ? ChatText.all(from) : ChatText.one(from);
    }

    private static String refusal(Event.Refused refused) {
        String group = refused.subject().substring(refused.subject().indexOf(':') + 1);
        return switch (refused.reason()) {
            case UNKNOWN_TOPIC -> ChatText.notExists(group);
            case NOT_A_LISTENER -> ChatText.notIn(refused.user(), group);
            case MALFORMED, NOT_PERMITTED, TOO_MANY_TOPICS, TOO_FAST, NOT_SENT, MAYBE_SENT, INTERNAL ->
                ChatText.error(refused.subject(), refused.detail());
        };
    }

    private static void text(String text, FrameSink out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.begin(true, bytes.length);
        out.write(bytes);
        out.end();
    }
}
