package io.switchboard.bench.target;

import io.switchboard.bench.plan.Scenario;

/** A kind of server to aim at. */
public interface Target {
    String name();

    /** How its connections and messages are spelled in this scenario (for a soak: in its traffic). */
    Spelling spelling(Scenario traffic);
}
