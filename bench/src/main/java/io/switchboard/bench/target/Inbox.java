package io.switchboard.bench.target;

import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.target.Spelling.Role;

/** The inbox protocol: numbered users. A group without a member list is everybody's, so groups are no audience. */
public record Inbox() implements Target {
    @Override
    public String name() {
        return "inbox";
    }

    @Override
    public boolean hasGroups() {
        return false;
    }

    @Override
    public Spelling spelling(Scenario traffic) {
        return switch (traffic) {
            case FAN_OUT, CLUSTER, SOAK ->
                Spelling.of(Role.at("/ws/1%s"), Role.at("/ws/2%s"), "{\"msgType\":20,\"to\":1%g,\"content\":\"%P\"}");
            case PAIRS -> everybody("{\"msgType\":10,\"to\":1%d,\"content\":\"%P\"}");
            case ECHO, IDLE, CHURN -> everybody("{\"msgType\":10,\"to\":1%s,\"content\":\"%P\"}");
        };
    }

    private static Spelling everybody(String message) {
        return Spelling.of(Role.at("/ws/1%s"), Role.at("/ws/1%s"), message);
    }
}
