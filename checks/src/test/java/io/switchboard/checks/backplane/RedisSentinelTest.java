package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.components.RedisSentinel;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisSentinelTest extends BackplaneContract {
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
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return BridgeOpener.redis(redis.uri()).open(cluster, self, meters);
    }

    @Test
    void theNewMasterIsFoundAndEverythingSubscribedThere() {
        try (RedisSentinel own = RedisSentinel.start()) {
            ClusterOpener opener = BridgeOpener.redis(own.uri())::open;
            var a = peer("a", opener).linked();
            var b = peer("b", opener).linked();
            Topic topic = topic("t");
            b.subscribe(topic);
            own.failOver();
            Sent sent = a.publish(topic, "waits for the new master");
            a.awaitLinked();
            b.awaitLinked();
            assertEquals(Remote.ACCEPTED, sent.outcome());
            a.publish(topic, "after");
            b.awaitText(topic, "after");
            b.awaitNews("up", "down", "up");
        }
    }
}
