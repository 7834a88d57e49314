package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Asks the nodes of a Redis Cluster, one after another, which master owns which slot. */
final class ClusterTopology implements Topology {
    private final Dialer dialer;
    private final List<Address> seeds;
    private List<Address> candidates;

    ClusterTopology(Dialer dialer, List<Address> seeds) {
        this.dialer = dialer;
        this.seeds = seeds;
        this.candidates = seeds;
    }

    @Override
    public void find(Consumer<Layout> found, Consumer<String> failed) {
        ask(candidates, 0, found, failed);
    }

    private void ask(List<Address> nodes, int number, Consumer<Layout> found, Consumer<String> failed) {
        Address node = nodes.get(number);
        Question.ask(
                dialer,
                node,
                new Question.Answer() {
                    @Override
                    public void told(Greeting greeting, RespValue value) {
                        Layout layout;
                        try {
                            layout = layout(node, greeting, value.asItems());
                        } catch (RuntimeException e) {
                            failed("its answer to CLUSTER SLOTS makes no sense: " + value);
                            return;
                        }
                        found.accept(layout);
                    }

                    @Override
                    public void failed(String why) {
                        if (number + 1 < nodes.size()) {
                            ask(nodes, number + 1, found, failed);
                        } else {
                            failed.accept("no node tells the slots of the Cluster; the last, " + node + ": " + why);
                        }
                    }
                },
                "CLUSTER",
                "SLOTS");
    }

    /** @param ranges each: first slot, last slot, the master as host, port, id; then its replicas */
    private Layout layout(Address told, Greeting greeting, List<RespValue> ranges) {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("no slots are served");
        }
        List<Address> masters = new ArrayList<>();
        int[] ownerOfSlot = new int[Slots.COUNT];
        Arrays.fill(ownerOfSlot, -1);
        for (RespValue range : ranges) {
            var parts = range.asItems();
            var place = parts.get(2).asItems();
            String host = place.get(0).asText();
            int port = Integer.parseInt(place.get(1).asText());
            // A node that does not know its own name gives none: then it is the one we asked.
            var master = new Address(host.isEmpty() || host.equals("?") ? told.host() : host, port);
            if (!masters.contains(master)) {
                masters.add(master);
            }
            int first = Integer.parseInt(parts.get(0).asText());
            int last = Integer.parseInt(parts.get(1).asText());
            Arrays.fill(ownerOfSlot, first, last + 1, masters.indexOf(master));
        }
        Set<Address> next = new LinkedHashSet<>(masters);
        next.addAll(seeds);
        candidates = List.copyOf(next);
        // Before sharded publish/subscribe every node passes on what any node hears: one is enough.
        return greeting.major() >= Greeting.SHARDED_SINCE ? Layout.sharded(masters, ownerOfSlot) : Layout.single(told);
    }

    @Override
    public boolean changes() {
        return true;
    }
}
