package io.switchboard.checks.backplane;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

/** A published format whose topics share an exchange. */
@Tag("component")
class RabbitPublishedTest extends BrokerContract {
    @AutoClose
    private static final RabbitBroker RABBIT = new RabbitBroker(true);

    @Override
    protected Broker broker() {
        return RABBIT;
    }
}
