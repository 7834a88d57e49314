package io.switchboard.checks.drops;

import io.switchboard.checks.components.RocketServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("component")
@Tag("node")
@Tag("slow")
@Tag("slow-rocketmq")
class RocketBesideRedisTest extends BrokerBesideRedis {
    private static RocketServer rocket;

    @BeforeAll
    static void startRocket() {
        rocket = RocketServer.start();
    }

    @AfterAll
    static void stopRocket() {
        rocket.close();
    }

    @Override
    Map<String, String> backplane() {
        return Map.of("backplane.type", "rocketmq", "backplane.uri", rocket.uri());
    }

    @Override
    void killBroker() {
        rocket.kill9();
    }

    @Override
    void restartBroker() {
        rocket.restart();
    }
}
