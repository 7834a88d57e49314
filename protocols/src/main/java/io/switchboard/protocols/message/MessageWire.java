package io.switchboard.protocols.message;

import io.switchboard.backplane.Destination;
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
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The published form between nodes: the text, and nothing else, on a fanout exchange with an empty routing key. There
 * is no origin: a node hears its own. Nor is there a sender, so with this form nobody can be passed over.
 */
public final class MessageWire implements WireFormat {
    /** The published exchange: fanout, durable, not deleted by itself. */
    public static final String EXCHANGE = "PUBLISH_SUBSCRIBE_EXCHANGE";

    private final String exchange;
    private final Destination destination;

    public MessageWire(String exchange) {
        this.exchange = exchange;
        this.destination = new Destination(
                exchange,
                Map.of(
                        "type", "fanout",
                        "durable", "true",
                        "auto_delete", "false",
                        "routing_key", "",
                        "content_type", "text/plain",
                        "content_encoding", "UTF-8",
                        "persistent", "true",
                        "priority", "0"));
    }

    /** A fanout exchange, durable, not deleted by itself; the routing key is empty. */
    public String exchange() {
        return exchange;
    }

    @Override
    public String formatName() {
        return "message";
    }

    @Override
    public boolean carries(Topic topic) {
        return topic.equals(MessageProtocol.EVERYBODY);
    }

    @Override
    public boolean carriesOrigin() {
        return false;
    }

    @Override
    public Destination destination(Topic topic) {
        return destination;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        Message message = publication.message();
        if (message.kind() == Message.Kind.BINARY) {
            throw new IllegalArgumentException("the message format carries text only, this message is binary");
        }
        JsonReader.compacted(message).writeTo(sink);
    }

    /** Whatever its content type says, a body is text. */
    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException {
        return new Publication(
                Publication.Kind.MESSAGE,
                MessageProtocol.EVERYBODY,
                Message.checked(Message.Kind.TEXT, in),
                Sender.NONE,
                Exclusion.NONE,
                false,
                System.currentTimeMillis(),
                Origin.UNKNOWN,
                0,
                null,
                Fields.NONE);
    }
}
