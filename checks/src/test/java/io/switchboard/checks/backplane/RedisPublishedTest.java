package io.switchboard.checks.backplane;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** A published format, on a thread of the bridge's own. */
@Tag("component")
class RedisPublishedTest extends BrokerContract {
    private static RedisServer redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    protected boolean carriesOrigin() {
        return false;
    }

    @Override
    protected Broker broker() {
        return new RedisBroker(redis, true);
    }

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return BridgeOpener.redis(redis.uri()).with(PlainFormat.INSTANCE).open(cluster, self, meters);
    }
}
