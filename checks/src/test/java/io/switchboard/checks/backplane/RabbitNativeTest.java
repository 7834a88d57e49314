package io.switchboard.checks.backplane;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The native envelope. */
@Tag("component")
class RabbitNativeTest extends BrokerContract {
    private static RabbitServer rabbit;
    private static RabbitBroker broker;

    @BeforeAll
    static void startRabbit() {
        rabbit = RabbitServer.start();
        broker = new RabbitBroker(rabbit, false);
    }

    @AfterAll
    static void stopRabbit() {
        broker.close();
        rabbit.close();
    }

    @Override
    protected Broker broker() {
        return broker;
    }

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return BridgeOpener.rabbitmq(rabbit.uri()).open(cluster, self, meters);
    }
}
