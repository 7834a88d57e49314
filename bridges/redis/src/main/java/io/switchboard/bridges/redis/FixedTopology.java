package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import java.util.function.Consumer;

/** One server, as the URI says. */
record FixedTopology(Address server) implements Topology {
    @Override
    public void find(Consumer<Layout> found, Consumer<String> failed) {
        found.accept(Layout.single(server));
    }

    @Override
    public boolean changes() {
        return false;
    }
}
