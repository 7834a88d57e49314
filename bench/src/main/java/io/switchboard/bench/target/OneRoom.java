package io.switchboard.bench.target;

import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.target.Spelling.Role;

/** A protocol whose clients speak to everybody and to nobody else. */
public record OneRoom(String name, String path, String publishPath, String message) implements Target {
    /** The message protocol. */
    public static OneRoom ofMessage() {
        return new OneRoom("message", "/message", "/message", "%P");
    }

    /** The sign protocol; the server gives broadcasts the number 3 ({@code protocols.sign.types}). */
    public static OneRoom ofSign() {
        return new OneRoom("sign", "/?sign=l%s", "/?sign=p%s", "{\"Type\":3,\"DataInfo\":\"%P\",\"toSender\":false}");
    }

    @Override
    public boolean hasGroups() {
        return false;
    }

    @Override
    public Spelling spelling(Scenario traffic) {
        if (traffic == Scenario.PAIRS || traffic == Scenario.ECHO) {
            throw new BadPlanException("--target " + name + ": its clients speak to everybody only;"
                    + " give fan-out, cluster, soak, idle or churn");
        }
        return Spelling.of(Role.at(path), Role.at(publishPath), message);
    }
}
