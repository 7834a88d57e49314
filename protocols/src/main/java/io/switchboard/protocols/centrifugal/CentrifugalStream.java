package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.protocol.UplinkReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** By plain HTTP: lines, or events of browsers; with an uplink, or in one direction. */
final class CentrifugalStream implements Conducted, StreamEndpoint<Client> {
    private static final String CONNECT = "cf_connect";
    private static final String BYTES = "application/octet-stream";

    /**
     * One of the ways.
     *
     * @param transport what the application is told
     */
    record Way(String path, String transport, Form form, boolean unidirectional) {}

    private final Way way;
    private final Conduct conduct;
    private final Tongues tongues;
    private final UplinkReader uplinkReader;

    CentrifugalStream(Way way, Conduct conduct, Tongues tongues, UplinkReader uplinkReader) {
        this.way = way;
        this.conduct = conduct;
        this.tongues = tongues;
        this.uplinkReader = uplinkReader;
    }

    @Override
    public String path() {
        return way.path();
    }

    @Override
    public Form form() {
        return way.form();
    }

    @Override
    public Set<String> methods() {
        return way.form() == Form.LINES && !way.unidirectional() ? Set.of("POST") : Set.of("GET", "POST");
    }

    @Override
    public String contentType(Request request) {
        if (way.form() == Form.EVENTS) {
            return "text/event-stream; charset=utf-8";
        }
        return dialect(request).json() ? "application/json; charset=utf-8" : BYTES;
    }

    @Override
    public Message first(Request request, Message body) throws Refusal.Thrown {
        if (body.length() > 0) {
            return body;
        }
        String connect = request.query().get(CONNECT);
        if (connect != null) {
            return Message.text(connect);
        } else if (way.unidirectional()) {
            return body;
        }
        throw new Refusal.Thrown(Refusal.of(400, "the request has neither a body nor the parameter " + CONNECT));
    }

    @Override
    public Opening<Client> open(Request request, Supplier<Uplink> uplink) {
        var client = new Client(
                dialect(request),
                way.transport(),
                conduct.remembered(request),
                way.unidirectional() ? null : uplink,
                false);
        return new Opening<>("", CentrifugalProtocol.NAME, List.of(), client);
    }

    /** Events are texts. */
    private Dialect dialect(Request request) {
        boolean binary = way.form() == Form.LINES
                && (Tongues.namesProtobuf(request)
                        || request.header("content-type")
                                .filter(type -> type.startsWith(BYTES))
                                .isPresent());
        return new Dialect(!binary, way.unidirectional(), true);
    }

    @Override
    public Encoder encoder() {
        return tongues.encoder(new Dialect(true, way.unidirectional(), true));
    }

    @Override
    public List<Encoder> encoders() {
        return way.form() == Form.EVENTS
                ? List.of(encoder())
                : List.of(encoder(), tongues.encoder(new Dialect(false, way.unidirectional(), true)));
    }

    @Override
    public Encoder encoder(Request request) {
        return tongues.encoder(dialect(request));
    }

    @Override
    public Optional<UplinkReader> uplinkReader() {
        return way.unidirectional() ? Optional.empty() : Optional.of(uplinkReader);
    }

    @Override
    public Refusal plainAnswer() {
        return Refusal.of(405, "this path is asked with " + String.join(" or ", methods()));
    }

    @Override
    public Conduct conduct() {
        return conduct;
    }
}
