package io.switchboard.discovery;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Tells load balancers and other nodes which nodes are up. No method but the last blocks; safe from any thread. */
public interface Discovery extends AutoCloseable {
    /**
     * Announces this node, or replaces what was announced of it. It fails if nobody can be told now; it is tried again
     * by itself until {@link #deregister}.
     */
    CompletionStage<Void> register(Instance self);

    /** Withdraws this node: the first step of draining. */
    CompletionStage<Void> deregister();

    /** The nodes known to be up, this one included once registered. */
    CompletionStage<List<Instance>> instances();

    /** Withdraws this node if it still is announced, within a bounded time. */
    @Override
    void close();

    /** Nodes that are listed by hand. */
    static Discovery fixed(List<Instance> others) {
        return new FixedDiscovery(others);
    }
}
