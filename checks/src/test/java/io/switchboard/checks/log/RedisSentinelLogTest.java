package io.switchboard.checks.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisSentinel;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.log.Log;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.node.Node;
import io.switchboard.node.NodeConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisSentinelLogTest extends LogContract {
    private static RedisSentinel redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisSentinel.start();
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
        try (var wire = redis.master().wire()) {
            wire.call("FLUSHALL").text();
        }
    }

    /** What the old master had taken and not passed on is gone: whoever listens is told, whoever comes back as well. */
    @Test
    void aReplicaThatLackedTheLastWritesBeginsAnew() {
        NodeConfig config = NodeConfig.named("c").withNamespaces(List.of(RedisHistoryTest.news()));
        try (Node node = Node.start(config.withLog(Logs.open(redis.uri(), config.origin())))) {
            node.linked().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
            Listener ann = Listener.of(node, topic, null);
            Await.until("the start", () -> ann.heard.contains("start"));
            Position first = append("a");
            RedisServer replica = redis.replica();
            replica.freezeBehind(redis.master());
            Position second = append("b");
            Await.until("both", () -> ann.heard.size() == 3);
            RedisServer old = redis.master();
            old.kill9();
            replica.thaw();
            redis.awaitMaster(replica);
            Position after = appendWhenUp("c");
            assertNotEquals(first.epoch(), after.epoch());
            for (Position known : List.of(first, second)) {
                assertFalse(readWhenUp(known).complete());
            }
            Await.until("the word", FAILOVER, () -> ann.heard.contains("lost"));
            assertEquals(List.of("start", "a", "b", "lost"), ann.heard);
            Listener again = Listener.of(node, topic, second);
            Await.until("an answer", () -> !again.heard.isEmpty());
            assertEquals(List.of("start"), again.heard, "not recovered");
            node.publish(topic, Message.text("d")).toCompletableFuture().join();
            Await.until("it", () -> again.heard.contains("d"));
            assertEquals(List.of("start", "d"), again.heard);
            old.restart();
            redis.awaitFollower(old);
        }
    }
}
