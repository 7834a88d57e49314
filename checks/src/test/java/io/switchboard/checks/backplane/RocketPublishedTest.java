package io.switchboard.checks.backplane;

import io.switchboard.checks.components.RocketServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** A published format whose topics share a topic of the broker. */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
class RocketPublishedTest extends BrokerContract {
    private static RocketServer rocket;
    private static RocketBroker broker;

    @BeforeAll
    static void startRocket() {
        rocket = RocketServer.start();
        broker = new RocketBroker(rocket, true);
    }

    @AfterAll
    static void stopRocket() {
        broker.close();
        rocket.close();
    }

    @Override
    protected Broker broker() {
        return broker;
    }
}
