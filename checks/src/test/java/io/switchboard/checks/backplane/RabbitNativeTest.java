package io.switchboard.checks.backplane;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

/** The native envelope. */
@Tag("component")
class RabbitNativeTest extends BrokerContract {
    @AutoClose
    private static final RabbitBroker RABBIT = new RabbitBroker(false);

    @Override
    protected Broker broker() {
        return RABBIT;
    }
}
