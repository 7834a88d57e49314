package io.switchboard.directory;

import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import java.util.List;
import java.util.Map;

/** Opens the directory of one product; found by {@link java.util.ServiceLoader}. */
public interface DirectoryProvider {
    /** The name in configuration, as {@code redis}. */
    String type();

    /**
     * Makes a directory, which begins to connect.
     *
     * @throws IllegalArgumentException naming the setting that is wrong and what would be right
     */
    Directory open(Settings settings);

    /**
     * What a bridge is told.
     *
     * @param uri of the store, with its secrets: never log it
     * @param cluster name of the cluster, the prefix of all keys
     * @param self this node
     * @param loops the node's event loops
     * @param options further settings of this bridge, by key
     * @param published what other programs look for
     */
    record Settings(
            String uri,
            String cluster,
            Origin self,
            List<Loop> loops,
            Map<String, String> options,
            PublishedKeys published) {
        @Override
        public String toString() {
            return "Settings(" + cluster + ", " + self + ")";
        }
    }
}
