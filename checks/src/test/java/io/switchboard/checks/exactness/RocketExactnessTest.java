package io.switchboard.checks.exactness;

import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.RocketServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same on a real RocketMQ, in the native format. */
@Tag("component")
@Tag("slow")
@Tag("node")
class RocketExactnessTest {
    private static final RocketServer ROCKET = RocketServer.start();

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.withJvmOptions("-Xmx1g")
            .with("backplane.type", "rocketmq")
            .with("backplane.uri", ROCKET.uri())
            .with("backplane.format", "native"));

    @AfterAll
    static void stopRocket() {
        ROCKET.close();
    }

    @Test
    @Tag("slow-rocketmq")
    void fiveHundredForTenSeconds() {
        ExactnessTest.verify(CLUSTER, new Script(500, 50, 10, 250, 250, 4));
    }

    @Test
    @Tag("slow-exactness")
    void fiveThousandForAMinute() {
        ExactnessTest.verify(CLUSTER, new Script(5_000, 200, 60, 500, 1_000, 1));
    }
}
