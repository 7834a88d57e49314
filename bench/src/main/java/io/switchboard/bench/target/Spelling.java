package io.switchboard.bench.target;

import java.util.List;
import java.util.Optional;

/**
 * What the two kinds of connections send. Where a scenario has no publishers of its own, everybody is a listener and
 * publishes as well.
 */
public record Spelling(Role listener, Role publisher, Template message, boolean binary, Optional<Reply> reply) {
    /** How a connection is opened, and what is said on it before the load begins. */
    public record Role(Template path, List<String> headers, List<Step> opening) {
        public Role {
            headers = List.copyOf(headers);
            opening = List.copyOf(opening);
        }

        public static Role at(String path) {
            return new Role(Template.of(path), List.of(), List.of());
        }
    }

    /** One step of an opening. */
    public sealed interface Step {
        record Say(Template text) implements Step {}

        record Await(String part) implements Step {}
    }

    /** A heartbeat of the server that has to be answered in kind. */
    public record Reply(String to, String with) {}

    public static Spelling of(Role listener, Role publisher, String message) {
        return new Spelling(listener, publisher, Template.of(message), false, Optional.empty());
    }
}
