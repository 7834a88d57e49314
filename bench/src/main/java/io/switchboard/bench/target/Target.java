package io.switchboard.bench.target;

import io.switchboard.bench.plan.Scenario;

/** A kind of server to aim at. */
public interface Target {
    String name();

    /** Whether what is said to one group is not heard by another. */
    default boolean hasGroups() {
        return true;
    }

    /** How its connections and messages are spelled in this scenario (for a soak: in its traffic). */
    Spelling spelling(Scenario traffic);
}
