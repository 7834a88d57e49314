package io.switchboard.checks.backplane;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.components.RocketServer;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The native envelope on a broker that does not fail, in half a minute; {@link RocketNativeTest} is the whole. */
@Tag("component")
class RocketContractTest extends BackplaneContract {
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
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return BridgeOpener.rocketmq(rocket.uri()).open(cluster, self, meters);
    }
}
