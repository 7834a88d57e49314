package io.switchboard.checks.drops;

import io.switchboard.checks.components.RabbitServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("component")
@Tag("node")
class RabbitBesideRedisTest extends BrokerBesideRedis {
    private static RabbitServer rabbit;

    @BeforeAll
    static void startRabbit() {
        rabbit = RabbitServer.start();
    }

    @AfterAll
    static void stopRabbit() {
        rabbit.close();
    }

    @Override
    Map<String, String> backplane() {
        return Map.of("backplane.type", "rabbitmq", "backplane.uri", rabbit.uri());
    }

    @Override
    void killBroker() {
        rabbit.kill9();
    }

    @Override
    void restartBroker() {
        rabbit.restart();
    }
}
