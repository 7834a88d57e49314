package io.switchboard.protocols.sign;

import io.switchboard.backplane.Destination;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.ByteArraySink;
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
import io.switchboard.protocols.sign.SignSettings.Member;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The published JSON between nodes, on a fanout exchange, for one connection; whoever has it delivers:
 *
 * <pre>{"conId":"abc","data":{"MessagDateTime":…,"Type":…,"DataInfo":…}}</pre>
 *
 * There is no origin. Identities and broadcasts have no published form and travel in the native envelope.
 */
public final class SignWire implements WireFormat {
    /** Publisher and subscriber of the published text disagree about the name; here both use this one. */
    public static final String EXCHANGE = "saas.reltimewsmes.exchange";

    private final SignSettings settings;
    private final String exchange;
    private final Destination destination;

    public SignWire(SignSettings settings, String exchange) {
        this.settings = settings;
        this.exchange = exchange;
        this.destination = new Destination(
                exchange, Map.of("type", "fanout", "durable", "true", "auto_delete", "false", "routing_key", ""));
    }

    /** A fanout exchange; published to and listened to under this one name. */
    public String exchange() {
        return exchange;
    }

    @Override
    public String formatName() {
        return "sign";
    }

    @Override
    public boolean carries(Topic topic) {
        return SignProtocol.isConnection(topic);
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
        var out = new ByteArraySink(message.length() + 64);
        out.write((byte) '{');
        SignSettings.text(settings.name(Member.CONNECTION), out);
        out.write((byte) ':');
        SignSettings.text(publication.topic().rest(), out);
        out.write((byte) ',');
        SignSettings.text(settings.name(Member.PAYLOAD), out);
        out.write((byte) ':');
        switch (message.kind()) {
            case JSON -> JsonReader.compacted(message).writeTo(out);
            case TEXT -> JsonStrings.write(message.toByteArray(), out);
            case BINARY ->
                throw new IllegalArgumentException("the sign format carries JSON and text, this message is binary");
        }
        out.write((byte) '}');
        sink.write(out.toByteArray());
    }

    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException {
        String sign = null;
        Message data = null;
        JsonReader json = JsonReader.of(in);
        json.beginObject();
        for (boolean first = true; json.hasMember(first); first = false) {
            String name = json.name();
            if (settings.is(Member.CONNECTION, name)) {
                sign = json.peek() == JsonReader.Token.NUMBER ? json.number() : json.string();
            } else if (settings.is(Member.PAYLOAD, name)) {
                data = data(json);
            } else {
                json.skip();
            }
        }
        json.end();
        return publication(sign, data);
    }

    private static Message data(JsonReader json) throws MalformedException {
        return json.peek() == JsonReader.Token.STRING
                ? Message.checked(Message.Kind.TEXT, json.stringBytes())
                : Message.checked(Message.Kind.JSON, json.compact());
    }

    private static Publication publication(@Nullable String sign, @Nullable Message data) throws MalformedException {
        if (sign == null || data == null) {
            throw new MalformedException("the connection or its message is missing");
        }
        try {
            return new Publication(
                    Publication.Kind.MESSAGE,
                    SignProtocol.connection(sign),
                    data,
                    Sender.NONE,
                    Exclusion.NONE,
                    false,
                    System.currentTimeMillis(),
                    Origin.UNKNOWN,
                    0,
                    null,
                    Fields.NONE);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }
}
