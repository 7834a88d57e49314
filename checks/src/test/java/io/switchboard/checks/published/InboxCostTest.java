package io.switchboard.checks.published;

import static io.switchboard.checks.cluster.Inbox.hears;
import static io.switchboard.checks.cluster.Inbox.toUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.cluster.InboxCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a message to one user costs in the inbox design, however many nodes there are. */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class InboxCostTest {
    private static final int MESSAGES = 200;

    @Test
    void aMessageToOneUserIsCarriedOnceWithTwoNodesAndWithEight() {
        var carried = new ArrayList<Double>();
        for (int count : new int[] {2, 8}) {
            var names = IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
            try (var cluster = InboxCluster.start(names, settings -> settings.withJvmOptions("-Xmx128m"))) {
                carried.add(carriedPerDelivery(cluster, names));
            }
        }
        assertEquals(List.of(1.0, 1.0), carried, "messages carried for each that was delivered");
    }

    /** Everybody writes to the one on the next node. */
    private static double carriedPerDelivery(InboxCluster cluster, List<String> names) {
        int users = names.size();
        var clients = IntStream.range(0, users)
                .mapToObj(i -> cluster.on(names.get(i), "/ws/" + (i + 1)))
                .toList();
        double before = carried(cluster);
        for (int i = 0; i < MESSAGES; i++) {
            int from = i % users;
            int to = (from + 1) % users;
            toUser(clients.get(from), to + 1, "m" + i);
            hears(clients.get(to), from + 1, to + 1, "m" + i);
        }
        clients.forEach(client -> client.expectNothingMore());
        return (carried(cluster) - before) / MESSAGES;
    }

    /** In the published form; what nodes tell each other now and then goes in the native one. */
    private static double carried(InboxCluster cluster) {
        return cluster.nodes().stream()
                .mapToDouble(node -> node.metric("switchboard_backplane_carried_total", "form", "published"))
                .sum();
    }
}
