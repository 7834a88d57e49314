package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.Inbox;
import io.switchboard.checks.cluster.InboxCluster;
import io.switchboard.checks.components.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node of the inbox design killed with all its users: what stays of it on RocketMQ and in Redis, and for how long.
 */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class InboxKillTest {
    private static final int USERS = 40;
    private static final String KEY = "websocket-demo:userNode:";
    /** How long claims of users who never come back may stay, as documented. */
    private static final Duration CLAIMS_KEPT = Duration.ofMinutes(15);

    @RegisterExtension
    static final InboxCluster CLUSTER = InboxCluster.start(settings -> settings);

    /** Its groups, and whether it has kept places in queues or topics for a node. */
    private record Broker(Set<String> groups, boolean offsets, boolean topics) {
        Set<String> ours() {
            var ours = new TreeSet<>(groups);
            ours.removeIf(group -> !group.startsWith("switchboard"));
            return ours;
        }

        static Broker now() {
            String offsets = CLUSTER.rocket().written("consumerOffset.json");
            int pulled = offsets.indexOf("pullOffsetTable");
            return new Broker(
                    new TreeSet<>(CLUSTER.rocket().groups()),
                    (pulled < 0 ? offsets : offsets.substring(0, pulled)).contains("switchboard"),
                    CLUSTER.rocket().written("topics.json").contains("nodeB"));
        }
    }

    @Test
    void killedNodeLeavesNothingOnTheBrokerAndInRedisNothingWithoutAnEnd() {
        CLUSTER.awaitOthers();
        var anna = CLUSTER.onA("/ws/1");
        for (int user = 2; user < 2 + USERS; user++) {
            CLUSTER.onB("/ws/" + user);
        }
        Inbox.toUser(anna, 2, "before");
        var before = Broker.now();
        CLUSTER.nodeB().kill9();

        long start = System.nanoTime();
        var ben = CLUSTER.onA("/ws/2");
        assertTrue(System.nanoTime() - start < InboxCluster.LEASE.toNanos(), "logs in elsewhere at once");
        Inbox.toUser(anna, 2, "here now");
        Inbox.hears(ben, 1, 2, "here now");
        Await.until(
                "node A to bury it",
                InboxCluster.LEASE.multipliedBy(3),
                () -> CLUSTER.nodeA().metric("switchboard_directory_nodes") == 0);
        assertEquals(before, Broker.now());
        assertEquals(
                new TreeSet<>(List.of("switchboard-nodes", "switchboard-nodes-GROUP", "switchboard-nodes-SINGLE")),
                before.ours());
        Await.until(
                "what has no end in Redis to be of those who are here",
                InboxCluster.LEASE.multipliedBy(3),
                () -> endless(CLUSTER.redis()),
                Set.of("switchboard:nodes", "switchboard:published", KEY + 1, KEY + 2)::equals);
        timesToLive(CLUSTER.redis())
                .forEach((key, seconds) -> assertTrue(seconds <= CLAIMS_KEPT.toSeconds(), () -> key + " " + seconds));

        CLUSTER.startAgain("nodeB");
        CLUSTER.awaitOthers();
        CLUSTER.onB("/ws/3").expectNothingMore();
        assertEquals(before, Broker.now());
    }

    /** Keys that stay for ever; of each node's list of what it has published only the beginning. */
    private static Set<String> endless(RedisServer redis) {
        var endless = new TreeSet<String>();
        timesToLive(redis).forEach((key, seconds) -> {
            if (seconds < 0) {
                endless.add(key.replaceAll("(switchboard:published):.*", "$1"));
            }
        });
        return endless;
    }

    /** In seconds; -1 is for ever. */
    private static Map<String, Long> timesToLive(RedisServer redis) {
        var keys = new TreeMap<String, Long>();
        try (var wire = redis.wire()) {
            wire.call("KEYS", "*").items().forEach(key -> keys.put(key.text(), 0L));
            keys.replaceAll((key, unknown) -> wire.call("TTL", key).number());
        }
        return keys;
    }
}
