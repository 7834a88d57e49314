package io.switchboard.checks.backplane;

import io.switchboard.backplane.Destination;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Exclusion;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Publication;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A published format whose topics share one exchange: the topic, a space, then {@link PlainFormat}. */
enum SharedFormat implements WireFormat {
    INSTANCE;

    static final String EXCHANGE = "published.exchange";
    private static final Destination SHARED = new Destination(
            EXCHANGE,
            Map.of(
                    "type", "fanout",
                    "durable", "true",
                    "content_type", "text/plain",
                    "content_encoding", "UTF-8",
                    "persistent", "true",
                    "priority", "0"));

    @Override
    public String formatName() {
        return "shared";
    }

    @Override
    public boolean carries(Topic topic) {
        return PlainFormat.INSTANCE.carries(topic);
    }

    @Override
    public boolean carriesOrigin() {
        return false;
    }

    @Override
    public Destination destination(Topic topic) {
        return SHARED;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        sink.utf8(publication.topic().name() + " ");
        PlainFormat.INSTANCE.encode(publication, sink);
    }

    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException {
        String text = StandardCharsets.UTF_8.decode(in.duplicate()).toString();
        int space = text.indexOf(' ');
        if (space < 1) {
            throw new MalformedException("no topic");
        }
        var rest = ByteBuffer.wrap(text.substring(space + 1).getBytes(StandardCharsets.UTF_8));
        Publication plain = PlainFormat.INSTANCE.decode(topic, rest);
        return Publication.from(Topic.of(text.substring(0, space)), plain.message(), plain.sender(), Exclusion.NONE);
    }
}
