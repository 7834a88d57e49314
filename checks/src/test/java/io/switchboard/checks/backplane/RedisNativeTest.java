package io.switchboard.checks.backplane;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import io.switchboard.transport.loop.NettyLoops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The native envelope, on the event loops of a node that is open to the world. */
@Tag("component")
class RedisNativeTest extends BrokerContract {
    private static RedisServer redis;
    private static NettyLoops loops;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
        loops = new NettyLoops(2, NettyLoops.Kind.AUTO);
    }

    @AfterAll
    static void stopRedis() {
        loops.close();
        redis.close();
    }

    @Override
    protected Broker broker() {
        return new RedisBroker(redis, false);
    }

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return broker().opener().on(loops.all()).open(cluster, self, meters);
    }
}
