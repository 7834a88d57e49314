package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Request;
import java.util.HashMap;
import java.util.Map;

/** The encoder of each dialect: one for all clients that speak it, so that they share what it writes. */
final class Tongues {
    private final Map<Dialect, Encoder> encoders = new HashMap<>();

    Tongues() {
        for (boolean json : new boolean[] {true, false}) {
            for (boolean unidirectional : new boolean[] {true, false}) {
                for (boolean saysGoodbye : new boolean[] {true, false}) {
                    var dialect = new Dialect(json, unidirectional, saysGoodbye);
                    encoders.put(dialect, new CentrifugalEncoder(dialect));
                }
            }
        }
    }

    Encoder encoder(Dialect dialect) {
        Encoder encoder = encoders.get(dialect);
        if (encoder == null) {
            throw new IllegalStateException("there is an encoder for every dialect");
        }
        return encoder;
    }

    /** Whether the address asks for Protobuf. */
    static boolean namesProtobuf(Request request) {
        return "protobuf".equals(request.query().get("format"))
                || "protobuf".equals(request.query().get("cf_protocol"));
    }
}
