package io.switchboard.bridges.rabbitmq;

import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What things are called on the broker. Publications go to the exchange {@code <cluster>}, a fanout bound to the direct
 * exchange {@code <cluster>.topics}: a node binds its queue there with the keys of the topics it listens to, or, while
 * these are too many, to the first for everything. The key of a topic is 16 bits of its hash, as four hexadecimal
 * digits.
 */
record Names(String cluster, String queue) {
    private static final int BYTES_MAX = 255;

    /** @throws IllegalArgumentException if RabbitMQ would not allow the names that follow from these */
    static Names of(String cluster, Origin self) {
        var names = new Names(cluster, cluster + "." + self.node() + "." + Long.toHexString(self.incarnation()));
        if (cluster.startsWith("amq.") || names.queue.startsWith("amq.")) {
            throw new IllegalArgumentException(
                    "cluster.name must not be or start with amq when RabbitMQ links the nodes:"
                            + " it keeps such names to itself");
        }
        if (names.sender().getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "cluster.name and node.name are too long together for RabbitMQ: " + names.queue);
        }
        return names;
    }

    /** Where all native publications go. */
    String everything() {
        return cluster;
    }

    /** Where nodes bind the topics they listen to. */
    String topics() {
        return cluster + ".topics";
    }

    /** A queue that only one connection can hold: whoever has it is the only one that publishes for this node. */
    String sender() {
        return queue + ".sender";
    }

    /** No topic's key looks like this. */
    String pings() {
        return "ping." + queue;
    }

    static String key(Topic topic) {
        int hash = topic.hashCode();
        // Java's hash of a text leaves the low bits uneven: mix them (the finalizer of MurmurHash3).
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return HexFormat.of().toHexDigits((short) (hash ^ hash >>> 16));
    }
}
