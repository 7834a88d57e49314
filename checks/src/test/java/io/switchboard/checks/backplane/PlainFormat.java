package io.switchboard.checks.backplane;

import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A published format in miniature: {@code {"from":"…","text":"…"}} without escapes, on the topic's own channel. */
enum PlainFormat implements WireFormat {
    INSTANCE;

    private static final String HEAD = "{\"from\":\"";
    private static final String MIDDLE = "\",\"text\":\"";
    private static final String TAIL = "\"}";

    @Override
    public String formatName() {
        return "plain";
    }

    @Override
    public boolean carries(Topic topic) {
        return topic.isIn("user") || topic.isIn("group") || topic.isIn("all");
    }

    @Override
    public boolean carriesOrigin() {
        return false;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        if (publication.message().kind() == Message.Kind.BINARY) {
            throw new IllegalArgumentException("no form for bytes");
        }
        sink.utf8(HEAD
                + publication.sender().user()
                + MIDDLE
                + publication.message().asText()
                + TAIL);
    }

    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException {
        String text = StandardCharsets.UTF_8.decode(in).toString();
        int middle = text.indexOf(MIDDLE);
        if (!text.startsWith(HEAD) || middle < 0 || !text.endsWith(TAIL)) {
            throw new MalformedException("not the plain format");
        }
        var sender = new Sender(text.substring(HEAD.length(), middle), "");
        var message = Message.text(text.substring(middle + MIDDLE.length(), text.length() - TAIL.length()));
        return Publication.from(topic, message, sender, Exclusion.NONE);
    }
}
