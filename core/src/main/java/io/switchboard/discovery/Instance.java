package io.switchboard.discovery;

import java.util.Map;
import java.util.OptionalInt;

/**
 * A node that accepts connections.
 *
 * @param host empty for the address that the registry sees it under
 * @param metadata for balancers, by the names below
 */
public record Instance(String node, String host, int port, Map<String, String> metadata) {
    /** How many sessions it has. */
    public static final String CONNECTIONS = "connections";

    /** {@code true} while it sees its clients off: nobody new should be sent there. */
    public static final String DRAINING = "draining";

    /** Of the program. */
    public static final String VERSION = "version";

    /** Its name in the cluster. */
    public static final String NODE = "node";

    public Instance {
        metadata = Map.copyOf(metadata);
    }

    /** What is said of a node for balancers. */
    public static Instance of(String node, String host, int port, String version, long connections, boolean draining) {
        return new Instance(
                node,
                host,
                port,
                Map.of(
                        NODE,
                        node,
                        VERSION,
                        version,
                        CONNECTIONS,
                        Long.toString(connections),
                        DRAINING,
                        Boolean.toString(draining)));
    }

    /** Empty if it does not say, as nodes of other makers. */
    public OptionalInt connections() {
        String text = metadata.getOrDefault(CONNECTIONS, "");
        return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    public boolean draining() {
        return Boolean.parseBoolean(metadata.getOrDefault(DRAINING, "false"));
    }
}
