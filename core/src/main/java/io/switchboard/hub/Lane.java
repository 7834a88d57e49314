package io.switchboard.hub;

import io.switchboard.protocol.Encoder;

/**
 * Sessions that can share encoded bytes: the same encoder over the same framing. Transports keep one lane for each
 * pair and hand the same object to all sessions; lanes are told apart by identity.
 */
public final class Lane {
    private final Encoder encoder;
    private final Framing framing;

    public Lane(Encoder encoder, Framing framing) {
        this.encoder = encoder;
        this.framing = framing;
    }

    public Encoder encoder() {
        return encoder;
    }

    public Framing framing() {
        return framing;
    }
}
