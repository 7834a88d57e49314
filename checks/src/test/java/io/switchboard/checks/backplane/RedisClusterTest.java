package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisCluster;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Native publications on the sharded channels of a Redis Cluster of three masters. */
@Tag("component")
class RedisClusterTest extends BackplaneContract {
    private static RedisCluster redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisCluster.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    static String uri(RedisCluster cluster) {
        return cluster.masters().stream()
                .map(master -> master.host() + ":" + master.port())
                .collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return BridgeOpener.redis(uri(redis)).open(cluster, self, meters);
    }

    @Test
    void topicsAreSpreadOverTheMastersByShardedChannels() {
        var a = peer("a").linked();
        for (int i = 0; i < 60; i++) {
            a.subscribe(topic("t" + i));
        }
        for (RedisServer master : redis.masters()) {
            try (RedisWire wire = master.wire()) {
                int channels = wire.call("PUBSUB", "SHARDCHANNELS", clusterName() + ":{*")
                        .items()
                        .size();
                assertTrue(channels > 5 && channels < 50, () -> master.port() + " has " + channels);
            }
        }
    }

    @Test
    void aSlotThatMovesTakesItsTopicsAlong() {
        var a = peer("a").linked();
        var b = peer("b").linked();
        Topic topic = topic("t");
        b.subscribe(topic);
        a.publish(topic, "before");
        b.awaitText(topic, "before");
        String channel = RedisBroker.nativeChannel(clusterName(), topic);
        RedisServer from = redis.ownerOf(channel);
        RedisServer to = redis.masters().stream()
                .filter(master -> master != from)
                .findFirst()
                .orElseThrow();
        redis.moveSlot(channel, from, to);
        Await.until("b to listen there", () -> {
            try (RedisWire wire = to.wire()) {
                return wire.call("PUBSUB", "SHARDNUMSUB", channel)
                                .items()
                                .get(1)
                                .number()
                        == 1;
            }
        });
        for (int i = 0; i < 10; i++) {
            assertEquals(Remote.ACCEPTED, a.publish(topic, "after " + i).outcome());
        }
        b.awaitText(topic, "after 9");
        a.awaitLinked();
        b.awaitLinked();
        assertEquals(11, b.textsOn(topic).size());
    }

    @Test
    void publishedFormatsUseClassicChannelsThatEveryNodeOfTheClusterHears() {
        ClusterOpener published = BridgeOpener.redis(uri(redis)).with(PlainFormat.INSTANCE)::open;
        var a = peer("a", published).linked();
        Topic topic = topic("t");
        a.subscribe(topic);
        for (RedisServer master : redis.masters()) {
            try (RedisWire wire = master.wire()) {
                wire.publish(topic.name(), "{\"from\":\"x\",\"text\":\"from " + master.port() + "\"}");
            }
            a.awaitText(topic, "from " + master.port());
        }
        a.publish(topic, "own");
        a.awaitText(topic, "own");
        assertEquals(4, a.textsOn(topic).size());
    }

    @Test
    void aMasterThatDiesTakesOnlyItsTopicsAndGivesThemBack() {
        try (RedisCluster own = RedisCluster.start()) {
            ClusterOpener opener = BridgeOpener.redis(uri(own))::open;
            var a = peer("a", opener).linked();
            var b = peer("b", opener).linked();
            RedisServer dying = own.masters().getLast();
            Topic dead = topicOn(own, dying);
            Topic alive = topicOn(own, own.masters().getFirst());
            b.subscribe(dead);
            b.subscribe(alive);
            dying.kill9();
            Await.until(
                    "it to be noticed",
                    () -> !a.backplane().isUp() && !b.backplane().isUp());
            a.publish(alive, "goes on");
            b.awaitText(alive, "goes on");
            Sent waiting = a.publish(dead, "waits");
            dying.restart();
            own.awaitWhole();
            a.awaitLinked();
            b.awaitLinked();
            assertEquals(Remote.ACCEPTED, waiting.outcome());
            a.publish(dead, "again");
            b.awaitText(dead, "again");
            assertEquals(List.of("up", "down", "up"), b.news());
        }
    }

    private Topic topicOn(RedisCluster cluster, RedisServer master) {
        for (int i = 0; ; i++) {
            Topic topic = topic("on" + i);
            if (cluster.ownerOf(RedisBroker.nativeChannel(clusterName(), topic)) == master) {
                return topic;
            }
        }
    }
}
