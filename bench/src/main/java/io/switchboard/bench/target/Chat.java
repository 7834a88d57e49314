package io.switchboard.bench.target;

import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.target.Spelling.Role;

/** The chat protocol: groups and users by path. A sender does not hear what it says to its group. */
public record Chat() implements Target {
    @Override
    public String name() {
        return "chat";
    }

    @Override
    public Spelling spelling(Scenario traffic) {
        return switch (traffic) {
            case FAN_OUT, CLUSTER, SOAK ->
                Spelling.of(Role.at("/chat/group/g%g/u%s"), Role.at("/chat/group/g%g/p%s"), "%P");
            case PAIRS -> everybody("/chat/user/%s", "{\"Id\":\"%d\",\"Msg\":\"%P\"}");
            case ECHO -> everybody("/ws", "%P");
            case IDLE, CHURN -> everybody("/chat/channel/%s", "%P");
        };
    }

    private static Spelling everybody(String path, String message) {
        return Spelling.of(Role.at(path), Role.at(path), message);
    }
}
