package io.switchboard.backplane;

import io.switchboard.message.Envelope;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Publication;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;

/** The native envelope as a wire format. */
enum EnvelopeFormat implements WireFormat {
    INSTANCE;

    @Override
    public String formatName() {
        return "native";
    }

    @Override
    public boolean carries(Topic topic) {
        return true;
    }

    @Override
    public boolean carriesOrigin() {
        return true;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        Envelope.encode(publication, sink);
    }

    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException, Envelope.Unsupported {
        return Envelope.decode(in);
    }
}
