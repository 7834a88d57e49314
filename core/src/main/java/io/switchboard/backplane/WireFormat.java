package io.switchboard.backplane;

import io.switchboard.message.Envelope;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Publication;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;

/**
 * How publications are spelled on a broker. Stateless. A published format carries some topics only, under their own
 * names; everything else always travels in the native envelope under names of the cluster.
 */
public interface WireFormat {
    /** As in configuration: {@code native}, {@code chat}. */
    String formatName();

    /** Whether this format has a form for publications to the topic. */
    boolean carries(Topic topic);

    /** Whether it names the origin, so that a node can tell its own publications and repeats of others. */
    boolean carriesOrigin();

    /** @throws IllegalArgumentException if the publication has no form in this format, as BINARY in a text format */
    void encode(Publication publication, Sink sink);

    /**
     * Reads the whole remaining buffer.
     *
     * @param topic of the channel it came from; a published format may decide otherwise by its content
     */
    Publication decode(Topic topic, ByteBuffer in) throws MalformedException, Envelope.Unsupported;

    /**
     * Where on the broker publications to the topic go and are heard; the topic's own name unless the format says
     * otherwise. Several topics may share a destination: then the content says which is meant, and {@link #decode} is
     * given any of those that are listened to.
     */
    default Destination destination(Topic topic) {
        return Destination.named(topic.name());
    }

    /** Whether publications to the topic travel in a published format, under published names. */
    default boolean publishes(Topic topic) {
        return !equals(envelope()) && carries(topic);
    }

    /** The native envelope: carries everything. */
    static WireFormat envelope() {
        return EnvelopeFormat.INSTANCE;
    }
}
