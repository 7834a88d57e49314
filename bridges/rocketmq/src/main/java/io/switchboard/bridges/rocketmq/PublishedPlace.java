package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Destination;
import java.util.Set;
import java.util.TreeSet;

/**
 * A topic of the broker, native or published. The traits of its destination are {@code tag}, which messages carry
 * (none), and {@code by_node} (false): then the tag is the name of the node where the receiver is, and a node hears
 * its own name and what is for everybody.
 */
record PublishedPlace(String name, String tag, boolean byNode) {
    private static final Set<String> TRAITS = Set.of("tag", "by_node");
    private static final String LEGAL = "[%|A-Za-z0-9_-]{1,127}";

    /** @throws IllegalArgumentException if RocketMQ has no such place */
    static PublishedPlace of(Destination destination) {
        var unknown = new TreeSet<>(destination.traits().keySet());
        unknown.removeAll(TRAITS);
        if (!unknown.isEmpty() || !destination.name().matches(LEGAL)) {
            throw new IllegalArgumentException("the destination " + destination.name()
                    + " is none of RocketMQ's: a name" + " matches " + LEGAL + ", traits are " + new TreeSet<>(TRAITS));
        }
        return new PublishedPlace(
                destination.name(),
                destination.traits().getOrDefault("tag", ""),
                Boolean.parseBoolean(destination.traits().get("by_node")));
    }

    /** Which tags a node hears. */
    String expression(Names names) {
        return byNode ? names.nodeTag() + " || " + Names.EVERYBODY : "*";
    }
}
