package io.switchboard.log;

import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import java.util.List;
import java.util.Map;

/** Opens the log of one product; found by {@link java.util.ServiceLoader}. */
public interface LogProvider {
    /** The name in configuration, as {@code redis}. */
    String type();

    /**
     * Makes a log, not yet connected.
     *
     * @throws IllegalArgumentException naming the setting that is wrong and what would be right
     */
    Log open(Settings settings);

    /**
     * What a bridge is told.
     *
     * @param uri of the store, with its secrets: never log it
     * @param cluster name of the cluster, the prefix of all keys
     * @param self this node
     * @param loops the node's event loops
     * @param options further settings of this bridge, by key
     */
    record Settings(
            String uri, String cluster, Origin self, List<Loop> loops, Meters meters, Map<String, String> options) {
        @Override
        public String toString() {
            return "Settings(" + cluster + ", " + self + ")";
        }
    }
}
