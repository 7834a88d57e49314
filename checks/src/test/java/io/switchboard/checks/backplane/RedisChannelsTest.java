package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.checks.components.Traffic;
import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Envelope;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a node asks of Redis, byte for byte, and what it makes of things on its channels that are not publications. */
@Tag("component")
class RedisChannelsTest {
    private static final Topic TOPIC = Topic.group("t");
    private static final String NATIVE = RedisBroker.nativeChannel("names", TOPIC);

    private final RedisServer redis = RedisServer.start();
    private final List<Peer> peers = new ArrayList<>();

    @AfterEach
    void closeAll() {
        peers.forEach(Peer::close);
        redis.close();
    }

    private Peer peer(String name, BridgeOpener opener) {
        var peer = new Peer(name, (self, meters) -> opener.open("names", self, meters)).linked();
        peers.add(peer);
        return peer;
    }

    @Test
    void publishedTopicsUseTheirOwnNamesAndOneCommandPerChannel() {
        var a = peer("a", BridgeOpener.redis(redis.uri()).with(PlainFormat.INSTANCE));
        try (var monitor = redis.monitor()) {
            var first = a.backplane().subscribe(Topic.user("1"));
            var second = a.backplane().subscribe(Topic.ALL);
            first.toCompletableFuture().join();
            second.toCompletableFuture().join();
            a.publish(Topic.user("2"), "Hello").outcome();
            a.backplane().unsubscribe(Topic.ALL);
            a.subscribe(Topic.group("g"));
            assertEquals(
                    List.of(
                            new Traffic("SUBSCRIBE", "user:1", ""),
                            new Traffic("SUBSCRIBE", "all", ""),
                            new Traffic("PUBLISH", "user:2", "{\"from\":\"u1\",\"text\":\"Hello\"}"),
                            new Traffic("UNSUBSCRIBE", "all", ""),
                            new Traffic("SUBSCRIBE", "group:g", "")),
                    monitor.traffic(channel -> !channel.startsWith("names:")));
            var commands = monitor.commands();
            assertTrue(commands.stream().allMatch(command -> command.arguments() <= 2), commands::toString);
        }
    }

    @Test
    void aNodeHoldsTwoConnectionsAndOneSubscriptionPerTopic() {
        var a = peer("a", BridgeOpener.redis(redis.uri()));
        var b = peer("b", BridgeOpener.redis(redis.uri()));
        a.subscribe(TOPIC);
        a.subscribe(TOPIC);
        b.subscribe(TOPIC);
        try (RedisWire wire = redis.wire()) {
            assertEquals(2, wire.call("PUBSUB", "NUMSUB", NATIVE).items().get(1).number());
            String clients = wire.call("CLIENT", "LIST").text();
            assertEquals(2, clients.split("name=switchboard-a ", -1).length - 1, clients);
            a.backplane().unsubscribe(TOPIC);
            Await.until(
                    "b alone to be subscribed",
                    () -> wire.call("PUBSUB", "NUMSUB", NATIVE).items().get(1).number() == 1);
        }
    }

    @Test
    void oneToOneReachesOneNodeHoweverManyThereAre() {
        var a = peer("a", BridgeOpener.redis(redis.uri()));
        for (int i = 0; i < 4; i++) {
            peer("other" + i, BridgeOpener.redis(redis.uri())).subscribe(TOPIC);
        }
        var b = peer("b", BridgeOpener.redis(redis.uri()));
        Topic user = Topic.user("42");
        b.subscribe(user);
        try (RedisWire wire = redis.wire()) {
            String channel = RedisBroker.nativeChannel("names", user);
            assertEquals(
                    1, wire.call("PUBSUB", "NUMSUB", channel).items().get(1).number());
        }
        a.publish(user, "x");
        b.awaitText(user, "x");
        peers.stream()
                .filter(peer -> !peer.equals(b))
                .forEach(peer -> assertEquals(0, peer.heard().size()));
    }

    @Test
    void mutatedEnvelopesAreHarmless() {
        var a = peer("a", BridgeOpener.redis(redis.uri()));
        var b = peer("b", BridgeOpener.redis(redis.uri()));
        b.subscribe(TOPIC);
        var sink = new ByteArraySink(64);
        Envelope.encode(
                Publication.from(TOPIC, Message.text("ghost"), new Sender("u", "s"), Exclusion.USER)
                        .numbered(new Origin("ghost", 7), 1),
                sink);
        var random = new Random(42);
        try (RedisWire wire = redis.wire()) {
            for (int i = 0; i < 5_000; i++) {
                wire.publish(NATIVE, mutated(sink.toByteArray(), random));
            }
        }
        a.publish(TOPIC, "after");
        b.awaitText(TOPIC, "after");
        b.awaitNews("up");
        assertTrue(b.meters().sum("switchboard.backplane.garbage") > 1_000);
        assertTrue(b.meters().sum("switchboard.backplane.unsupported") > 10);
        assertTrue(b.meters().sum("switchboard.backplane.repeats") > 10);
    }

    private static byte[] mutated(byte[] envelope, Random random) {
        byte[] bytes = envelope.clone();
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    @Test
    void aMonsterIsSkipped() {
        var a = peer("a", BridgeOpener.redis(redis.uri()));
        var b = peer("b", BridgeOpener.redis(redis.uri()));
        b.subscribe(TOPIC);
        try (RedisWire wire = redis.wire()) {
            wire.publish(NATIVE, new byte[17 << 20]);
        }
        a.publish(TOPIC, "after");
        b.awaitText(TOPIC, "after");
        b.awaitNews("up");
        assertEquals(1, b.meters().sum("switchboard.backplane.garbage"));
    }

    @Test
    void aFloodOfGarbageIsLoggedOnce() {
        var b = peer("b", BridgeOpener.redis(redis.uri()));
        b.subscribe(TOPIC);
        try (var log = CapturedLog.of("io.switchboard.bridges.redis");
                RedisWire wire = redis.wire()) {
            for (int i = 0; i < 1_000; i++) {
                wire.publish(NATIVE, "garbage");
            }
            Await.until("all to be counted", () -> b.meters().sum("switchboard.backplane.garbage") == 1_000);
            assertEquals(1, log.count("garbage"));
        }
    }

    @Test
    void whatLooksLikeAPingButIsNoneIsGarbage() {
        var b = peer("b", BridgeOpener.redis(redis.uri()));
        try (RedisWire wire = redis.wire()) {
            String pings = wire.call("PUBSUB", "CHANNELS", "names:ping:*")
                    .items()
                    .getFirst()
                    .text();
            wire.publish(pings, "not a number");
            wire.publish(pings, "999999");
        }
        Await.until("it to be counted", () -> b.meters().sum("switchboard.backplane.garbage") == 1);
        b.awaitNews("up");
    }
}
