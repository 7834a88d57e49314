package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.Reply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Redis lost under load with the native format between the nodes: there what could not be sent waits a while and is
 * sent when the link is back, and what comes again is told by its number and dropped.
 */
@Tag("component")
@Tag("node")
class NativeOutageTest {
    private static final int CLIENTS = 240;

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.with("backplane.format", "native"));

    @Test
    void killedAndStalledUnderLoad() {
        try (var talk = Talk.start(CLUSTER, "native", CLIENTS)) {
            var whileKilled = talk.begin(6);
            talk.awaitMoreMessages(CLIENTS);
            CLUSTER.redis().kill9();
            CLUSTER.awaitLinksDown();
            CLUSTER.redis().restart();
            whileKilled.join();
            verifyFullService(CLUSTER, talk);

            var whileStalled = talk.begin(10);
            talk.awaitMoreMessages(CLIENTS);
            CLUSTER.redis().freeze();
            CLUSTER.awaitLinksDown();
            CLUSTER.redis().thaw();
            whileStalled.join();
            verifyFullService(CLUSTER, talk);
        }
    }

    @Test
    void repeatedPublicationIsHeardOnce() {
        var anna = CLUSTER.onA("/chat/channel/anna");
        var ben = CLUSTER.onB("/chat/channel/ben");
        try (var hearing = CLUSTER.redis().wire();
                var repeating = CLUSTER.redis().wire()) {
            var channel = repeating
                    .call("PUBSUB", "CHANNELS", "*user:ben")
                    .items()
                    .getFirst()
                    .text();
            hearing.call("SUBSCRIBE", channel).items();
            double repeats = CLUSTER.nodeB().metric("switchboard_backplane_repeats_total");
            anna.sayTo("ben", "once");
            if (hearing.read().items().getLast() instanceof Reply.Bulk(var payload)) {
                var bytes = new byte[payload.remaining()];
                payload.duplicate().get(bytes);
                for (int i = 0; i < 3; i++) {
                    assertEquals(2, repeating.publish(channel, bytes));
                }
            }
            ben.hearsOne("anna", "once");
            anna.sayTo("ben", "and on");
            ben.hearsOne("anna", "and on");
            assertEquals(repeats + 3, CLUSTER.nodeB().metric("switchboard_backplane_repeats_total"));
        }
    }

    static void verifyFullService(Cluster cluster, Talk talk) {
        cluster.awaitLinksUp();
        for (var node : cluster.nodes()) {
            Await.until(
                    "nothing to wait on node " + node.name(),
                    () -> node.metric("switchboard_backplane_pending")
                            + node.metric("switchboard_backplane_spool_bytes"),
                    waiting -> waiting == 0);
        }
        talk.say(1);
        talk.awaitHeardAll();
        talk.sayAndVerify(3);
    }
}
