package io.switchboard.backplane;

import java.util.Map;

/**
 * A place on a broker where publications of a published format are put and heard: a channel, an exchange, a topic.
 *
 * @param name its name on the broker
 * @param traits what else is published about it, in the words of the bridge that knows such places; empty where a name
 *     is enough
 */
public record Destination(String name, Map<String, String> traits) {
    public Destination {
        traits = Map.copyOf(traits);
    }

    public static Destination named(String name) {
        return new Destination(name, Map.of());
    }
}
