package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.RocketServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RocketMQ stopped, killed and started while some hundred clients on two node processes talk. */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class RocketOutageTest {
    private static final int CLIENTS = 240;
    private static final RocketServer ROCKET = RocketServer.start();

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.with("backplane.type", "rocketmq")
            .with("backplane.uri", ROCKET.uri())
            .with("backplane.format", "native"));

    @AfterAll
    static void stopRocket() {
        ROCKET.close();
    }

    @Test
    void stoppedKilledAndStartedUnderLoad() {
        try (var talk = Talk.start(CLUSTER, "rocket", CLIENTS)) {
            var whileStopped = talk.begin(12);
            talk.awaitMoreMessages(CLIENTS);
            ROCKET.stop();
            CLUSTER.awaitLinksDown();
            ROCKET.restart();
            whileStopped.join();
            NativeOutageTest.verifyFullService(CLUSTER, talk);

            var whileKilled = talk.begin(12);
            talk.awaitMoreMessages(CLIENTS);
            ROCKET.kill9();
            CLUSTER.awaitLinksDown();
            ROCKET.restart();
            whileKilled.join();
            NativeOutageTest.verifyFullService(CLUSTER, talk);
        }
    }

    @Test
    void aKilledNodeLeavesNoGroup() {
        var before = ROCKET.groups();
        CLUSTER.nodeA().kill9();
        CLUSTER.startAgainA();
        CLUSTER.awaitLinksUp();
        assertEquals(before, ROCKET.groups());
    }
}
