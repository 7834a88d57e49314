package io.switchboard.bench.plan;

import java.util.Locale;

/** What is done to the servers. */
public enum Scenario {
    /** Connections that say nothing. */
    IDLE,
    /** Publishers, each to all listeners of its group. */
    FAN_OUT,
    /** Connections in twos that talk to each other. */
    PAIRS,
    /** Every connection to itself. */
    ECHO,
    /** Connections that come and go. */
    CHURN,
    /** Fan-out with the publishers on the first server and the listeners on the others. */
    CLUSTER,
    /** Any traffic for a long time, told interval by interval. */
    SOAK;

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean hasTraffic() {
        return this != IDLE && this != CHURN;
    }

    /** Whether publishers are connections of their own. */
    public boolean hasPublishers() {
        return this == FAN_OUT || this == CLUSTER;
    }
}
