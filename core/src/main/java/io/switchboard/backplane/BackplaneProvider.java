package io.switchboard.backplane;

import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Opens the backplane of one product; found by {@link java.util.ServiceLoader}. */
public interface BackplaneProvider {
    /** The name in configuration, as {@code redis}. */
    String type();

    /**
     * Makes a backplane, not yet connected.
     *
     * @throws IllegalArgumentException naming the setting that is wrong and what would be right
     */
    Backplane open(Settings settings);

    /**
     * What a bridge is told.
     *
     * @param uri of the broker, with its secrets: never log it
     * @param cluster name of the cluster, the prefix of all native broker names
     * @param self this node
     * @param format a published format for the topics it carries, or {@link WireFormat#envelope}
     * @param loops the node's event loops
     * @param spoolBytes how much may wait for a lost link
     * @param spoolTime how long it may wait
     * @param options further settings of this bridge, by key
     * @param places where listeners are, for brokers on which that makes one-to-one cheaper
     */
    record Settings(
            String uri,
            String cluster,
            Origin self,
            WireFormat format,
            List<Loop> loops,
            Meters meters,
            long spoolBytes,
            Duration spoolTime,
            Map<String, String> options,
            Places places) {
        /** Without knowledge of places. */
        public Settings(
                String uri,
                String cluster,
                Origin self,
                WireFormat format,
                List<Loop> loops,
                Meters meters,
                long spoolBytes,
                Duration spoolTime,
                Map<String, String> options) {
            this(uri, cluster, self, format, loops, meters, spoolBytes, spoolTime, options, Places.unknown());
        }

        @Override
        public String toString() {
            return "Settings(" + cluster + ", " + self + ", " + format.formatName() + ")";
        }
    }
}
