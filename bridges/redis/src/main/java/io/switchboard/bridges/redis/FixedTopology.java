package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import java.util.List;
import java.util.function.Consumer;

/** One server, or several that topics are spread over, as the URI says. */
record FixedTopology(List<Address> servers) implements Topology {
    @Override
    public void find(Consumer<Layout> found, Consumer<String> failed) {
        found.accept(Layout.spread(servers));
    }

    @Override
    public boolean changes() {
        return false;
    }
}
