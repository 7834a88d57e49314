package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;
import io.switchboard.backplane.Places;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.WireFormat;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RocketServer;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is RocketMQ's own: what stays on the broker, what is not replayed, and who is told. */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
class RocketFaultsTest {
    private static final Topic TOPIC = Topic.group("t");

    private static RocketServer rocket;
    private static RocketBroker broker;
    private final List<Peer> peers = new ArrayList<>();

    @BeforeAll
    static void startRocket() {
        rocket = RocketServer.start();
        broker = new RocketBroker(rocket, true);
    }

    @AfterAll
    static void stopRocket() {
        broker.close();
        rocket.close();
    }

    @AfterEach
    void closePeers() {
        peers.forEach(Peer::close);
    }

    private Peer peer(String cluster, String name, WireFormat format) {
        return peer(
                name,
                (self, meters) ->
                        BridgeOpener.rocketmq(rocket.uri()).with(format).open(cluster, self, meters));
    }

    private Peer peer(String name, Peer.Opener opener) {
        var peer = new Peer(name, opener);
        peers.add(peer);
        return peer.linked();
    }

    @Test
    void aClusterLeavesOneGroupHoweverManyNodesComeAndGo() {
        for (int life = 0; life < 4; life++) {
            var node = peer("lives", "n" + life % 2, WireFormat.envelope());
            node.subscribe(TOPIC);
            node.publish(TOPIC, "x").outcome();
            node.close();
        }
        var ours = new TreeSet<>(rocket.groups());
        ours.removeIf(group -> !group.startsWith("lives"));
        assertEquals(new TreeSet<>(List.of("lives-nodes")), ours);
        // Places in the queues would be kept under topic@group.
        String offsets = rocket.written("consumerOffset.json");
        int pulled = offsets.indexOf("pullOffsetTable");
        assertFalse((pulled < 0 ? offsets : offsets.substring(0, pulled)).contains("lives"), offsets);
        assertFalse(rocket.written("topics.json").contains("%RETRY%lives-nodes-n"));
    }

    @Test
    void aRestartedNodeIsNotToldWhatItMissed() {
        for (WireFormat format : List.of(WireFormat.envelope(), PostedFormat.INSTANCE)) {
            var a = peer("replay", "a", format);
            var b = peer("replay", "b", format);
            b.subscribe(TOPIC);
            a.publish(TOPIC, "before");
            b.awaitText(TOPIC, "before");
            b.close();
            for (int i = 0; i < 100; i++) {
                assertEquals(Remote.ACCEPTED, a.publish(TOPIC, "missed " + i).outcome());
            }
            var again = peer("replay", "b", format);
            again.subscribe(TOPIC);
            a.publish(TOPIC, "after");
            again.awaitText(TOPIC, "after");
            assertEquals(List.of("after"), again.textsOn(TOPIC));
        }
    }

    @Test
    void whatIsPublishedByOthersIsHeardOnceByEveryNode() {
        var a = peer("others", "a", PostedFormat.INSTANCE);
        var b = peer("others", "b", PostedFormat.INSTANCE);
        a.subscribe(TOPIC);
        b.subscribe(TOPIC);
        broker.put(new Message(
                PostedFormat.TOPIC,
                "any",
                "group:t {\"from\":\"7\",\"text\":\"Hi\"}".getBytes(StandardCharsets.UTF_8)));
        a.awaitTexts(TOPIC, List.of("Hi"));
        b.awaitTexts(TOPIC, List.of("Hi"));
    }

    @Test
    void whatIsForOneGoesToItsNodeWhereThatIsKnownAndElseToAll() {
        Places places = topic ->
                CompletableFuture.completedFuture(topic.equals(Topic.user("1")) ? Optional.of("b") : Optional.empty());
        for (WireFormat format : List.of(WireFormat.envelope(), PostedFormat.INSTANCE)) {
            var a = peer("a", (self, meters) -> open(self, meters, format, places));
            var b = peer("b", (self, meters) -> open(self, meters, format, places));
            var c = peer("c", (self, meters) -> open(self, meters, format, places));
            Topic known = Topic.user("1");
            Topic unknown = Topic.user("2");
            List.of(b, c).forEach(node -> List.of(known, unknown).forEach(node::subscribe));
            a.publish(known, "for b");
            a.publish(unknown, "for any");
            b.awaitTexts(known, List.of("for b"));
            b.awaitTexts(unknown, List.of("for any"));
            c.awaitTexts(unknown, List.of("for any"));
            assertEquals(List.of(), c.textsOn(known));
            assertEquals(1, c.meters().sum("switchboard.backplane.carried"));
        }
    }

    /** Where the place is known, one node is brought it; with eight of them as with two. */
    @Test
    void whatIsForOneIsCarriedOnceHoweverManyNodes() {
        int messages = 100;
        for (int count : new int[] {2, 8}) {
            Places places = topic -> CompletableFuture.completedFuture(Optional.of("node" + topic.rest()));
            var nodes = new ArrayList<Peer>();
            for (int i = 0; i < count; i++) {
                var node = peer("node" + i, (self, meters) -> open(self, meters, WireFormat.envelope(), places));
                node.subscribe(Topic.user("" + i));
                nodes.add(node);
            }
            for (int i = 0; i < messages; i++) {
                nodes.get(0).publish(Topic.user("" + (1 + i % (count - 1))), "m" + i);
            }
            Await.until(
                    "all to be heard",
                    () -> nodes.stream().mapToInt(node -> node.heard().size()).sum(),
                    heard -> heard == messages);
            assertEquals(
                    messages,
                    nodes.stream()
                            .mapToDouble(node -> node.meters().sum("switchboard.backplane.carried"))
                            .sum());
            nodes.forEach(Peer::close);
            peers.removeAll(nodes);
        }
    }

    private static Backplane open(Origin self, Meters meters, WireFormat format, Places places) {
        return ServiceLoader.load(BackplaneProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("rocketmq"))
                .findFirst()
                .orElseThrow()
                .open(new BackplaneProvider.Settings(
                        rocket.uri(),
                        "places" + format.formatName(),
                        self,
                        format,
                        List.of(),
                        meters,
                        1 << 20,
                        Duration.ofSeconds(10),
                        Map.of(),
                        places));
    }

    @Test
    void publishedFormatsNeverWait() {
        var a = peer("never", "a", PostedFormat.INSTANCE);
        rocket.freeze();
        try {
            Await.until("a to notice", () -> !a.backplane().isUp());
            assertEquals(Remote.REFUSED, a.publish(TOPIC, "never").outcome());
        } finally {
            rocket.thaw();
        }
        a.awaitLinked();
    }

    @Test
    void threadsEndWithTheBackplane() {
        var a = peer("threads", "a", WireFormat.envelope());
        a.subscribe(TOPIC);
        assertTrue(threads() > 0);
        peers.forEach(Peer::close);
        Await.until("the client's threads to end", Duration.ofSeconds(20), () -> threads() == 0);
    }

    /** Those of the bridge and of the client's pulling. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("switchboard-rocketmq")
                        || thread.getName().startsWith("PullMsgThread"))
                .count();
    }
}
