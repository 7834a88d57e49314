package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Who gets what: a message to one goes to one node, and crowds cost the broker little. */
@Tag("component")
class RabbitRoutingTest {
    private static final int USERS_PER_NODE = 200;
    private static RabbitServer rabbit;

    private final List<Peer> peers = new ArrayList<>();

    @BeforeAll
    static void startRabbit() {
        rabbit = RabbitServer.start();
    }

    @AfterAll
    static void stopRabbit() {
        rabbit.close();
    }

    @AfterEach
    void closeAll() {
        peers.forEach(Peer::close);
        peers.clear();
    }

    private Peer peer(String cluster, String name) {
        var peer = new Peer(
                        name,
                        (self, meters) -> BridgeOpener.rabbitmq(rabbit.uri()).open(cluster, self, meters))
                .linked();
        peers.add(peer);
        return peer;
    }

    @Test
    void oneToOneIsCarriedOnceHoweverManyNodesThereAre(TestReporter reporter) {
        double two = messagesPerDelivery(2);
        closeAll();
        double eight = messagesPerDelivery(8);
        reporter.publishEntry(Map.of("messages per delivery, 2 nodes", "" + two, "8 nodes", "" + eight));
        assertTrue(two < 1.05, "with two nodes a delivery takes " + two + " messages");
        assertTrue(eight < 1.05, "with eight nodes a delivery takes " + eight + " messages");
    }

    private double messagesPerDelivery(int nodes) {
        var all = IntStream.range(0, nodes)
                .mapToObj(i -> peer("routing" + nodes, "n" + i))
                .toList();
        for (int n = 0; n < nodes; n++) {
            Peer node = all.get(n);
            users(n).map(node.backplane()::subscribe)
                    .toList()
                    .forEach(confirmed -> confirmed.toCompletableFuture().join());
        }
        awaitSettled(all);
        int deliveries = 0;
        for (int n = 0; n < nodes; n++) {
            Peer from = all.get(n);
            // Each to the users of the next node.
            List<Publication> batch = users((n + 1) % nodes)
                    .map(topic -> from.publication(topic, "x"))
                    .toList();
            from.publishAll(batch).forEach(sent -> assertEquals(Remote.ACCEPTED, sent.outcome()));
            deliveries += batch.size();
        }
        for (Peer node : all) {
            Await.until("all to be heard", () -> node.heard().size(), size -> size == USERS_PER_NODE);
        }
        double carried = all.stream()
                .mapToLong(node -> node.meters().sum("switchboard.backplane.carried"))
                .sum();
        return carried / deliveries;
    }

    private static java.util.stream.Stream<Topic> users(int node) {
        return IntStream.range(0, USERS_PER_NODE).mapToObj(i -> Topic.user(node + "-" + i));
    }

    /** Crowds are let in by one binding to everything, which ends when the others are there. */
    private static void awaitSettled(List<Peer> nodes) {
        for (Peer node : nodes) {
            Await.until(
                    node.self().node() + " to have bound each topic",
                    Duration.ofSeconds(30),
                    () -> node.meters().sum("switchboard.backplane.everything") == 0);
        }
    }

    @Test
    void aCrowdBeyondAllBindingsIsLetInAtOnceAndLosesNothing() {
        var a = peer("crowd", "a");
        var b = peer("crowd", "b");
        var topics =
                IntStream.range(0, 6_000).mapToObj(i -> Topic.user("u" + i)).toList();
        long start = System.nanoTime();
        topics.stream()
                .map(b.backplane()::subscribe)
                .toList()
                .forEach(confirmed -> confirmed.toCompletableFuture().join());
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, () -> "the crowd waited " + took);
        a.publishAll(topics.stream().map(topic -> a.publication(topic, "1")).toList());
        Await.until("all to be heard", () -> b.heard().size(), size -> size == 6_000);
        assertEquals(1, b.meters().sum("switchboard.backplane.everything"));
        topics.subList(1_000, 6_000).forEach(b.backplane()::unsubscribe);
        var kept = topics.subList(0, 1_000);
        // While the bindings are made one by one and everything ends, nothing is missed and nothing is twice.
        int rounds = 0;
        while (b.meters().sum("switchboard.backplane.everything") == 1 || rounds < 3) {
            rounds++;
            a.publishAll(kept.stream().map(topic -> a.publication(topic, "2")).toList())
                    .forEach(Sent::outcome);
        }
        int expected = 6_000 + rounds * 1_000;
        Await.until("all to be heard", Duration.ofSeconds(20), () -> b.heard().size(), size -> size == expected);
        b.awaitNews("up");
    }
}
