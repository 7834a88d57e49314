package io.switchboard.transport.handshake;

import io.switchboard.hub.Framing;
import io.switchboard.hub.Lane;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** The lanes of one framing: endpoints that have an encoder in common share its lane. */
final class Lanes {
    private final Framing framing;
    private final List<Lane> lanes = new ArrayList<>();

    Lanes(Framing framing) {
        this.framing = framing;
    }

    List<Lane> of(Endpoint<?> endpoint) {
        return endpoint.encoders().stream().map(this::of).toList();
    }

    private Lane of(Encoder encoder) {
        for (Lane lane : lanes) {
            if (lane.encoder().equals(encoder)) {
                return lane;
            }
        }
        var lane = new Lane(encoder, framing);
        lanes.add(lane);
        return lane;
    }
}
