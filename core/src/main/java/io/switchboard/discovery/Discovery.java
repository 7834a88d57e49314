package io.switchboard.discovery;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Tells load balancers and other nodes which nodes are up. No method blocks; safe from any thread. */
public interface Discovery extends AutoCloseable {
    /**
     * A node that accepts connections.
     *
     * @param metadata for balancers: {@code connections}, {@code draining}, {@code version}
     */
    record Instance(String node, String host, int port, Map<String, String> metadata) {}

    /** Announces this node, or replaces what was announced of it. */
    CompletionStage<Void> register(Instance self);

    /** Withdraws this node: the first step of draining. */
    CompletionStage<Void> deregister();

    /** The nodes known to be up, this one included once registered. */
    List<Instance> instances();

    @Override
    void close();

    /** Nodes that are listed by hand. */
    static Discovery fixed(List<Instance> others) {
        return new FixedDiscovery(others);
    }
}
