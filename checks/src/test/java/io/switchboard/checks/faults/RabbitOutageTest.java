package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.RabbitServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RabbitMQ stopped, killed and started while some hundred clients on two node processes talk. */
@Tag("component")
@Tag("node")
class RabbitOutageTest {
    private static final int CLIENTS = 240;
    private static final RabbitServer RABBIT = RabbitServer.start();

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.with("backplane.type", "rabbitmq")
            .with("backplane.uri", RABBIT.uri())
            .with("backplane.format", "native")
            .with("backplane.queue_expires", "3s"));

    @AfterAll
    static void stopRabbit() {
        RABBIT.close();
    }

    @Test
    void stoppedKilledAndStartedUnderLoad() {
        try (var talk = Talk.start(CLUSTER, "rabbit", CLIENTS)) {
            var whileStopped = talk.begin(12);
            talk.awaitMoreMessages(CLIENTS);
            RABBIT.stop();
            CLUSTER.awaitLinksDown();
            RABBIT.restart();
            whileStopped.join();
            NativeOutageTest.verifyFullService(CLUSTER, talk);

            var whileKilled = talk.begin(12);
            talk.awaitMoreMessages(CLIENTS);
            RABBIT.kill9();
            CLUSTER.awaitLinksDown();
            RABBIT.restart();
            whileKilled.join();
            NativeOutageTest.verifyFullService(CLUSTER, talk);
            assertEquals(4, queues().size(), () -> queues().toString());
        }
    }

    @Test
    void aKilledNodeLeavesNoQueue() {
        var before = queues();
        CLUSTER.nodeA().kill9();
        Await.until(
                "its queues to be gone",
                Duration.ofSeconds(20),
                RabbitOutageTest::queues,
                queues -> queues.size() == 2);
        CLUSTER.startAgainA();
        CLUSTER.awaitLinksUp();
        var after = queues();
        assertEquals(before.size(), after.size(), () -> before + " were there, now " + after);
    }

    private static List<String> queues() {
        return RABBIT.control("list_queues", "name")
                .lines()
                .filter(name -> name.contains("."))
                .toList();
    }
}
