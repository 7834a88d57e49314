package io.switchboard.checks.backplane;

import io.switchboard.checks.components.RocketServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The native envelope, on the topic of the cluster. */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
class RocketNativeTest extends BrokerContract {
    private static RocketServer rocket;
    private static RocketBroker broker;

    @BeforeAll
    static void startRocket() {
        rocket = RocketServer.start();
        broker = new RocketBroker(rocket, false);
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
