package io.switchboard.checks.backplane;

import io.switchboard.checks.components.RedisServer;
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
    protected Broker broker() {
        return new RedisBroker(redis, true);
    }
}
