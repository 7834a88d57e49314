package io.switchboard.bridges.redis;

import java.util.function.Consumer;

/** Finds out which servers to link to. Runs on the event loop; answers once, there, by one of the two. */
interface Topology {
    void find(Consumer<Layout> found, Consumer<String> failed);

    /** Whether asking again may give another answer. */
    boolean changes();

    static Topology of(RedisTarget target, Dialer dialer, Dialer sentinelDialer) {
        return switch (target.kind()) {
            case STANDALONE, SPREAD -> new FixedTopology(target.seeds());
            case SENTINEL -> new SentinelTopology(sentinelDialer, target.seeds(), target.master());
            case CLUSTER -> new ClusterTopology(dialer, target.seeds());
        };
    }
}
