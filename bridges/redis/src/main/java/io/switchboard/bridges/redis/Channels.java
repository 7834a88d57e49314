package io.switchboard.bridges.redis;

import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.nio.charset.StandardCharsets;

/**
 * How topics are named on Redis. A published topic has its own name. A native one is {@code <cluster>:{<tag>}:<topic>},
 * where the tag is the Cluster's own hash (CRC-16) of the topic's name modulo 1,024, in decimal: in a Redis Cluster the
 * tag decides about the slot, so that whatever belongs to one topic is on one server.
 */
final class Channels {
    static final int TAGS = 1_024;

    /** Of what travels in a published format, under its own name. */
    static final int NO_TAG = -1;

    /** What a refusal for want of permissions is explained by. */
    static final String PERMISSIONS = "; an ACL user needs +publish +spublish +subscribe +unsubscribe +ssubscribe"
            + " +sunsubscribe +hello, and the channels &<cluster>:* and those of the published format";

    private final byte[][] prefixes = new byte[TAGS][];
    private final String cluster;
    private final String pings;

    /** @throws IllegalArgumentException if the name of the cluster would spoil the tags */
    Channels(String cluster, Origin self) {
        if (cluster.indexOf('{') >= 0 || cluster.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "cluster.name must not have braces when Redis links the nodes: " + cluster);
        }
        this.cluster = cluster;
        this.pings = self.node() + ":" + Long.toHexString(self.incarnation());
        for (int tag = 0; tag < TAGS; tag++) {
            prefixes[tag] = bytes(cluster + ":{" + tag + "}:");
        }
    }

    static int tag(Topic topic) {
        return tag(bytes(topic.name()));
    }

    static int tag(byte[] name) {
        return Slots.hash(name) & TAGS - 1;
    }

    /** The slot of a Redis Cluster that everything with this tag is in. */
    static int slot(int tag) {
        return Slots.hash(bytes(Integer.toString(tag))) & Slots.COUNT - 1;
    }

    byte[] nativeChannel(Topic topic) {
        return bytes(cluster + ":{" + tag(topic) + "}:" + topic.name());
    }

    byte[] publishedChannel(Topic topic) {
        return bytes(topic.name());
    }

    /** Where this node hears its own pings, at the server that owns the tag. No topic's channel looks like this. */
    byte[] pingChannel(int tag) {
        return bytes(cluster + ":ping:{" + tag + "}:" + pings);
    }

    /** Where nodes that spread topics tell each other over which servers. No topic's channel looks like this. */
    byte[] spreadChannel() {
        return bytes(cluster + ":spread");
    }

    /** Writes the channel of the topic with that name and tag. */
    void write(byte[] name, int tag, RespBuffer out) {
        if (tag == NO_TAG) {
            out.word(name);
        } else {
            out.word(prefixes[tag], name);
        }
    }

    static byte[] name(Topic topic) {
        return bytes(topic.name());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
