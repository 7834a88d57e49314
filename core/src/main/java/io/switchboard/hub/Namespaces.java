package io.switchboard.hub;

import io.switchboard.message.Topic;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.List;

/** The namespaces of a node: the built-in ones, and those added; user, group and all may be replaced. */
public final class Namespaces {
    private final Namespace[] all;

    /** @throws IllegalArgumentException if a name stands twice, or is one for addressing only */
    public Namespaces(List<Namespace> added) {
        var list = new ArrayList<>(
                List.of(Namespace.USER, Namespace.GROUP, Namespace.ALL, Namespace.SESSION, Namespace.NODE));
        List<Namespace> replaceable = List.of(Namespace.USER, Namespace.GROUP, Namespace.ALL);
        for (Namespace namespace : added) {
            list.removeIf(other -> replaceable.contains(other) && other.name().equals(namespace.name()));
            if (list.stream().anyMatch(other -> other.name().equals(namespace.name()))) {
                throw new IllegalArgumentException("namespace " + namespace.name() + " is defined twice");
            }
            list.add(namespace);
        }
        all = list.toArray(new Namespace[0]);
    }

    public Namespace of(Topic topic) {
        for (Namespace namespace : all) {
            if (topic.isIn(namespace.name())) {
                return namespace;
            }
        }
        return Namespace.UNKNOWN;
    }
}
