package io.switchboard.checks.backplane;

import io.switchboard.backplane.Destination;
import io.switchboard.backplane.WireFormat;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Publication;
import io.switchboard.message.Sink;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.util.Map;

/** {@link SharedFormat} on RocketMQ: everything on one topic, what is for a user on another by the tag of its node. */
enum PostedFormat implements WireFormat {
    INSTANCE;

    static final String TOPIC = "PUBLISHED";
    static final String SINGLE = "PUBLISHED_SINGLE";
    private static final Destination SHARED = new Destination(TOPIC, Map.of("tag", "MESSAGE"));
    private static final Destination BY_NODE = new Destination(SINGLE, Map.of("by_node", "true"));

    @Override
    public String formatName() {
        return "posted";
    }

    @Override
    public boolean carries(Topic topic) {
        return SharedFormat.INSTANCE.carries(topic);
    }

    @Override
    public boolean carriesOrigin() {
        return false;
    }

    @Override
    public Destination destination(Topic topic) {
        return topic.isIn("user") ? BY_NODE : SHARED;
    }

    @Override
    public void encode(Publication publication, Sink sink) {
        SharedFormat.INSTANCE.encode(publication, sink);
    }

    @Override
    public Publication decode(Topic topic, ByteBuffer in) throws MalformedException {
        return SharedFormat.INSTANCE.decode(topic, in);
    }
}
