package io.switchboard.bridges.rocketmq;

import io.switchboard.message.Origin;

/**
 * What things are called on the broker: the topic of native publications, the group, which is one for the whole cluster
 * so that none stays behind when a node dies, and the tags.
 */
record Names(String cluster, Origin self) {
    /** The tag of what every node is to hear; no node can be called so. */
    static final String EVERYBODY = ":all";

    private static final String LEGAL = "[A-Za-z0-9_-]{1,64}";

    /** @throws IllegalArgumentException if RocketMQ would not allow the names that follow from these */
    static Names of(String cluster, Origin self) {
        check("cluster.name", cluster);
        check("node.name", self.node());
        return new Names(cluster, self);
    }

    private static void check(String key, String name) {
        if (!name.matches(LEGAL)) {
            throw new IllegalArgumentException(key + " must be 1 to 64 letters, digits, _ or - when RocketMQ links the"
                    + " nodes, which knows no other characters (no dots): " + name);
        }
    }

    /** Not the cluster's bare name: a broker has a topic of its own called like its RocketMQ cluster. */
    String nativeTopic() {
        return cluster + "-nodes";
    }

    /** Who listens to a topic on the broker: one name per cluster and such topic. */
    String group(String topic) {
        return topic.equals(nativeTopic()) ? topic : nativeTopic() + "-" + topic;
    }

    String nodeTag() {
        return self.node();
    }

    String incarnation() {
        return Long.toHexString(self.incarnation());
    }
}
