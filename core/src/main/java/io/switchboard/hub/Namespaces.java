package io.switchboard.hub;

import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;

/** The namespaces of a node: the built-in ones, and those added. */
public final class Namespaces {
    private final Namespace[] all;

    /** @throws IllegalArgumentException if a name stands twice or is a built-in one */
    public Namespaces(List<Namespace> added) {
        var list = new ArrayList<>(
                List.of(Namespace.USER, Namespace.GROUP, Namespace.ALL, Namespace.SESSION, Namespace.NODE));
        for (Namespace namespace : added) {
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
