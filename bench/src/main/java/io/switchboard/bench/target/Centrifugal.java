package io.switchboard.bench.target;

import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.target.Spelling.Reply;
import io.switchboard.bench.target.Spelling.Role;
import io.switchboard.bench.target.Spelling.Step;
import java.util.List;
import java.util.Optional;

/**
 * The Centrifugal protocol in JSON, for a server that lets anonymous clients subscribe and publish. The channels are of
 * the namespace {@code group}; what history or presence that has is measured with it.
 */
public record Centrifugal() implements Target {
    private static final String PATH = "/connection/websocket";
    private static final Step CONNECT = say("{\"id\":1,\"connect\":{}}");
    private static final Step CONNECTED = new Step.Await("\"connect\":");
    private static final Step SUBSCRIBED = new Step.Await("\"subscribe\":");

    @Override
    public String name() {
        return "centrifugal";
    }

    @Override
    public Spelling spelling(Scenario traffic) {
        Role quiet = role(CONNECT, CONNECTED);
        return switch (traffic) {
            case FAN_OUT, CLUSTER, SOAK -> spelling(listener("bench-%g"), quiet, "bench-%g");
            case PAIRS -> spelling(listener("bench-%s"), listener("bench-%s"), "bench-%d");
            case ECHO -> spelling(listener("bench-%s"), listener("bench-%s"), "bench-%s");
            case IDLE, CHURN -> spelling(quiet, quiet, "bench-%s");
        };
    }

    private static Spelling spelling(Role listener, Role publisher, String channel) {
        var publish = "{\"id\":3,\"publish\":{\"channel\":\"group:" + channel + "\",\"data\":\"%P\"}}";
        return new Spelling(listener, publisher, Template.of(publish), false, Optional.of(new Reply("{}", "{}")));
    }

    private static Role listener(String channel) {
        var subscribe = "{\"id\":2,\"subscribe\":{\"channel\":\"group:" + channel + "\"}}";
        return role(CONNECT, CONNECTED, say(subscribe), SUBSCRIBED);
    }

    private static Role role(Step... opening) {
        return new Role(Template.of(PATH), List.of(), List.of(opening));
    }

    private static Step say(String text) {
        return new Step.Say(Template.of(text));
    }
}
