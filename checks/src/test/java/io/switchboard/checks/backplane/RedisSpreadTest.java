package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.message.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics spread over three Redis servers that know nothing of each other. */
@Tag("component")
class RedisSpreadTest extends BrokerContract {
    private static final List<RedisServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        for (int i = 0; i < 3; i++) {
            SERVERS.add(RedisServer.start());
        }
    }

    @AfterAll
    static void stopRedis() {
        SERVERS.forEach(RedisServer::close);
    }

    private static String uri(List<RedisServer> servers) {
        return servers.stream().map(RedisSpreadTest::address).collect(Collectors.joining(",", "redis-spread://", ""));
    }

    private static String address(RedisServer server) {
        return server.host() + ":" + server.port();
    }

    /** All of them at once. */
    @Override
    protected Broker broker() {
        return new Broker() {
            @Override
            public BridgeOpener opener() {
                return BridgeOpener.redis(uri(SERVERS));
            }

            @Override
            public void freeze() {
                SERVERS.forEach(RedisServer::freeze);
            }

            @Override
            public void thaw() {
                SERVERS.forEach(RedisServer::thaw);
            }

            @Override
            public void kill() {
                SERVERS.forEach(RedisServer::kill9);
            }

            @Override
            public void restart() {
                SERVERS.forEach(RedisServer::restart);
            }

            @Override
            public void putGarbage(String cluster, Topic topic, byte[] bytes) {
                try (RedisWire wire = serverOf(cluster, topic).wire()) {
                    wire.publish(RedisBroker.nativeChannel(cluster, topic), bytes);
                }
            }
        };
    }

    /** Where the topic's listeners are. */
    private static RedisServer serverOf(String cluster, Topic topic) {
        return SERVERS.stream()
                .filter(server -> listeners(server, RedisBroker.nativeChannel(cluster, topic)) > 0)
                .findFirst()
                .orElseThrow();
    }

    private static long listeners(RedisServer server, String channel) {
        try (RedisWire wire = server.wire()) {
            return wire.call("PUBSUB", "NUMSUB", channel).items().get(1).number();
        }
    }

    /** The first of these topics that is on the server. */
    private Topic topicOn(RedisServer server, List<Topic> subscribed) {
        return subscribed.stream()
                .filter(topic -> serverOf(clusterName(), topic) == server)
                .findFirst()
                .orElseThrow();
    }

    private List<Topic> topics(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> topic(name + i)).toList();
    }

    @Test
    void topicsAreSpreadOverAllServers() {
        var a = peer("a").linked();
        topics("t", 60).forEach(a::subscribe);
        for (RedisServer server : SERVERS) {
            try (RedisWire wire = server.wire()) {
                int channels = wire.call("PUBSUB", "CHANNELS", clusterName() + ":{*")
                        .items()
                        .size();
                assertTrue(channels > 5 && channels < 40, () -> server.port() + " has " + channels);
            }
        }
    }

    @Test
    void aServerThatDiesTakesOnlyItsTopicsAndGivesThemBack() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        var subscribed = topics("t", 40);
        subscribed.forEach(b::subscribe);
        RedisServer dying = SERVERS.get(1);
        Topic dead = topicOn(dying, subscribed);
        Topic alive = topicOn(SERVERS.getFirst(), subscribed);
        var others = subscribed.stream()
                .filter(topic -> serverOf(clusterName(), topic) != dying)
                .toList();
        dying.kill9();
        Await.until(
                "it to be noticed",
                () -> !a.backplane().isUp() && !b.backplane().isUp());
        assertFalse(b.backplane().isUp(dead), "the topic of a dead server");
        others.forEach(topic -> assertTrue(b.backplane().isUp(topic), topic::name));
        verifyNamed(b, dying, false);

        others.forEach(topic ->
                assertEquals(Remote.ACCEPTED, a.publish(topic, "goes on").outcome()));
        others.forEach(topic -> b.awaitTexts(topic, List.of("goes on")));
        Topic fresh = topic("fresh");
        b.backplane().subscribe(fresh);
        Sent waiting = a.publish(dead, "waits");
        a.publish(alive, "is not held up");
        b.awaitText(alive, "is not held up");

        dying.restart();
        a.awaitLinked();
        b.awaitLinked();
        verifyNamed(b, dying, true);
        assertTrue(b.backplane().isUp(dead));
        assertEquals(Remote.ACCEPTED, waiting.outcome());
        a.publish(dead, "again");
        b.awaitText(dead, "again");
        a.publish(fresh, "new");
        b.awaitText(fresh, "new");
        assertEquals(List.of("up", "down", "up"), b.news());
    }

    private static void verifyNamed(Peer peer, RedisServer server, boolean up) {
        for (Backplane.LinkState link : peer.backplane().links()) {
            assertEquals(up || !link.server().equals(address(server)), link.up(), link::server);
        }
        assertEquals(3, peer.backplane().links().size());
        assertEquals(up ? 3 : 2, peer.meters().sum("switchboard.backplane.link.up"));
    }

    @Test
    void aNodeWithAnotherListIsFoundOut() {
        var a = peer("a").linked();
        var reversed =
                peer("same", BridgeOpener.redis(uri(SERVERS.reversed()))::open).linked();
        var fewer = peer("fewer", BridgeOpener.redis(uri(SERVERS.subList(0, 2)))::open)
                .linked();
        for (Peer peer : List.of(a, reversed, fewer)) {
            Await.until(
                    peer.self().node() + " to hear of the other list",
                    Duration.ofSeconds(25),
                    () -> peer.meters().sum("switchboard.backplane.other.spreads"),
                    heard -> heard > 0);
        }
    }

    @Test
    void nodesWithTheSameListInAnyOrderHearEachOther() {
        var a = peer("a").linked();
        var b = peer("b", BridgeOpener.redis(uri(SERVERS.reversed()))::open).linked();
        for (Topic topic : topics("t", 20)) {
            b.subscribe(topic);
            a.publish(topic, "x");
            b.awaitTexts(topic, List.of("x"));
        }
        assertEquals(0, b.meters().sum("switchboard.backplane.other.spreads"));
    }

    @Test
    void aPublishedFormatIsNotSpread() {
        ClusterOpener published = BridgeOpener.redis(uri(SERVERS)).with(PlainFormat.INSTANCE)::open;
        var refused = assertThrows(IllegalArgumentException.class, () -> peer("a", published));
        assertTrue(String.valueOf(refused.getMessage()).contains("backplane.format: native"), refused::getMessage);
    }
}
