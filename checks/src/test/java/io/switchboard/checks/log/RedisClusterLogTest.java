package io.switchboard.checks.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisCluster;
import io.switchboard.checks.components.RedisNames;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.log.Log;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a Redis Cluster of three masters, each with a replica. */
@Tag("component")
class RedisClusterLogTest extends LogContract {
    private static RedisCluster redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisCluster.startReplicated();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    Log open(Origin self) {
        return Logs.open(redis.uri(), self);
    }

    @Override
    void forget() {
        try (var wire = owner().wire()) {
            wire.call("FLUSHALL").text();
        }
    }

    private RedisServer owner() {
        return redis.ownerOf(key());
    }

    private String key() {
        return RedisNames.channel(Logs.CLUSTER, topic);
    }

    private CompletableFuture<Log.Appended> appendTo(Topic where, int number) {
        var publication = Publication.of(where, Message.text("m" + number)).numbered(new Origin("n0", 1), number);
        return nodes.getFirst().append(publication, Log.Terms.of(TEN)).toCompletableFuture();
    }

    /** The first word of a node that has just come up to each of the masters. */
    @Test
    void topicsOfAllMastersAreAppendedToInOrderFromTheFirstMomentOn() {
        var topics =
                IntStream.range(0, 60).mapToObj(i -> Topic.of(topic.name() + i)).toList();
        var results = new ArrayList<CompletableFuture<Log.Appended>>();
        for (int number = 1; number <= 10; number++) {
            for (Topic each : topics) {
                results.add(appendTo(each, number));
            }
        }
        for (int i = 0; i < results.size(); i++) {
            assertEquals(
                    1 + i / topics.size(),
                    get(results.get(i)).position().orElseThrow().offset());
        }
        assertEquals(
                3,
                topics.stream()
                        .map(each -> redis.ownerOf(RedisNames.channel(Logs.CLUSTER, each)))
                        .distinct()
                        .count());
    }

    @Test
    void aSlotThatMovesBeginsAnewAndKeepsTheOrder() {
        get(nodes.get(1).subscribe(topic));
        Position before = append("a");
        RedisServer from = owner();
        RedisServer to = redis.masterBeside(from);
        var results = new ArrayList<CompletableFuture<Log.Appended>>();
        for (int number = 1; number <= 400; number++) {
            if (number == 100) {
                redis.moveSlot(key(), from, to);
            }
            results.add(appendTo(topic, number));
        }
        var offsets = results.stream()
                .map(result -> get(result).position().orElseThrow())
                .toList();
        List<Position> there = offsets.stream()
                .filter(position -> !position.epoch().equals(before.epoch()))
                .toList();
        assertFalse(there.isEmpty());
        assertEquals(
                IntStream.rangeClosed(1, there.size()).mapToObj(i -> (long) i).toList(),
                there.stream().map(Position::offset).toList());
        assertEquals(offsets.subList(offsets.size() - there.size(), offsets.size()), there);
        assertEquals("m400", texts(read(Optional.empty(), 10).publications()).getLast());
        assertFalse(read(Optional.of(before), 10).complete());
        Await.until("both", () -> nodes.stream().allMatch(Log::isUp));
    }

    @Test
    void aReplicaThatLackedTheLastWritesBeginsAnew() {
        get(nodes.get(1).subscribe(topic));
        Position first = append("a");
        RedisServer dying = owner();
        RedisServer replica = redis.replicaOf(dying);
        replica.freezeBehind(dying);
        Position second = append("b");
        assertEquals(first.epoch(), second.epoch());
        dying.kill9();
        Await.until("down", () -> nodes.stream().noneMatch(Log::isUp));
        Throwable refusal = refusal();
        assertTrue(refusal instanceof Log.RefusedException, refusal::toString);
        replica.thaw();
        ears.get(1).heard.clear();
        Position after = appendWhenUp("c");
        assertNotEquals(first.epoch(), after.epoch());
        for (Position known : List.of(first, second)) {
            assertFalse(readWhenUp(known).complete());
        }
        assertEquals("c", texts(read(Optional.empty(), 10).publications()).getLast());
        Await.until("both up", FAILOVER, () -> nodes.stream().allMatch(Log::isUp));
        append("d");
        Await.until("it", () -> texts(ears.get(1).heard).contains("d"));
        dying.restart();
        redis.awaitWhole();
    }
}
