package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** By WebSocket, in both directions or in one. */
final class CentrifugalEndpoint implements Conducted {
    private static final String JSON = "centrifuge-json";
    private static final String PROTOBUF = "centrifuge-protobuf";
    private static final String CONNECT = "cf_connect";

    private final String path;
    private final boolean unidirectional;
    private final Conduct conduct;
    private final Tongues tongues;

    CentrifugalEndpoint(String path, boolean unidirectional, Conduct conduct, Tongues tongues) {
        this.path = path;
        this.unidirectional = unidirectional;
        this.conduct = conduct;
        this.tongues = tongues;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Opening<Client> open(Request request) {
        String transport = unidirectional ? "uni_websocket" : "websocket";
        var client = new Client(dialect(request), transport, conduct.remembered(request), null, namesPing(request));
        if (unidirectional) {
            client.introduction = request.query().get(CONNECT);
        }
        return new Opening<>("", CentrifugalProtocol.NAME, List.of(), client);
    }

    private Dialect dialect(Request request) {
        return new Dialect(!wantsProtobuf(request), unidirectional, false);
    }

    private static boolean wantsProtobuf(Request request) {
        return Tongues.namesProtobuf(request)
                || request.header("sec-websocket-protocol")
                        .flatMap(offered -> known(Arrays.asList(offered.split("\\s*,\\s*", -1))))
                        .filter(PROTOBUF::equals)
                        .isPresent();
    }

    private static Optional<String> known(List<String> offered) {
        return offered.stream()
                .filter(name -> name.equals(JSON) || name.equals(PROTOBUF))
                .findFirst();
    }

    @Override
    public Optional<String> subProtocol(List<String> offered) {
        Optional<String> known = known(offered);
        return known.isPresent() ? known : offered.stream().findFirst();
    }

    @Override
    public Encoder encoder() {
        return tongues.encoder(new Dialect(true, unidirectional, false));
    }

    @Override
    public List<Encoder> encoders() {
        return List.of(encoder(), tongues.encoder(new Dialect(false, unidirectional, false)));
    }

    @Override
    public Encoder encoder(Request request) {
        return tongues.encoder(dialect(request));
    }

    /** Who only listens has no other way to say that it is there than to answer a ping of the transport. */
    @Override
    public boolean keepsAlive(Request request) {
        return !unidirectional && !namesPing(request);
    }

    /** Whether the client wants pings of the transport instead of the protocol's. */
    private static boolean namesPing(Request request) {
        return "true".equals(request.query().get("cf_ws_frame_ping_pong"));
    }

    @Override
    public Conduct conduct() {
        return conduct;
    }
}
