package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.Inbox;
import io.switchboard.checks.cluster.InboxCluster;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * RocketMQ stopped, killed, frozen and started while some hundred clients of the inbox design on two node processes
 * talk over its published topics: nobody is closed, whoever sends is told, and the service is back by itself.
 */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class InboxOutageTest {
    private static final int CLIENTS = 240;
    /** What the broker had taken when it fell and had not yet given to everybody. */
    private static final int LOST_IN_ROCKET_MAX = CLIENTS;

    private static final Duration ANSWERED = Duration.ofSeconds(5);

    @RegisterExtension
    static final InboxCluster CLUSTER = InboxCluster.start(settings ->
            settings.withJvmOptions("-Xmx256m").with("protocols.inbox.groups", Speech.inboxGroups(CLIENTS)));

    @AfterEach
    void restoreRocket() {
        CLUSTER.awaitLinks(true);
    }

    @Test
    void stoppedAndStartedUnderLoad() {
        outage("stopped", () -> CLUSTER.rocket().stop(), () -> CLUSTER.rocket().restart());
    }

    @Test
    void killedAndStartedUnderLoad() {
        outage("killed", () -> CLUSTER.rocket().kill9(), () -> CLUSTER.rocket().restart());
    }

    @Test
    void frozenAndThawedUnderLoad() {
        outage("frozen", () -> CLUSTER.rocket().freeze(), () -> CLUSTER.rocket().thaw());
    }

    private static void outage(String name, Runnable fall, Runnable back) {
        try (var talk = Talk.start(CLUSTER.nodes(), Speech.INBOX, name, CLIENTS)) {
            var groups = new TreeSet<>(CLUSTER.rocket().groups());
            var duringTheFall = talk.begin(8);
            talk.awaitMoreMessages(CLIENTS);
            CompletableFuture<Integer> duringTheReturn;
            fall.run();
            try {
                CLUSTER.awaitLinks(false);
                duringTheFall.join();
                talk.awaitAnswered(LOST_IN_ROCKET_MAX);
                verifyOutage(talk);
                duringTheReturn = talk.begin(4);
            } finally {
                back.run();
            }
            duringTheReturn.join();
            verifyFullService(talk);
            assertEquals(groups, new TreeSet<>(CLUSTER.rocket().groups()));
        }
    }

    /** With the broker surely away. */
    private static void verifyOutage(Talk talk) {
        for (var node : CLUSTER.nodes()) {
            var ready = node.get("/health/ready");
            assertEquals(200, ready.status(), ready::toString);
            assertTrue(ready.body().contains("degraded"), ready::toString);
        }
        talk.forgetTold();
        talk.say(1);
        Await.until(
                "everybody to be told",
                ANSWERED,
                talk::told,
                told -> told.stream().allMatch(times -> times > 0));
        var anna = CLUSTER.onA("/ws/9001");
        var ben = CLUSTER.onA("/ws/9002");
        Inbox.toUser(anna, 9002, "admitted all the same");
        Inbox.hears(ben, 9001, 9002, "admitted all the same");
        anna.leave();
        ben.leave();
        talk.verifyNobodyLeftAndNothingCameTwice();
    }

    private static void verifyFullService(Talk talk) {
        CLUSTER.awaitLinks(true);
        for (var node : CLUSTER.nodes()) {
            Await.until(
                    "nothing to be pending on node " + node.name(),
                    () -> node.metric("switchboard_backplane_pending"),
                    pending -> pending == 0);
        }
        talk.say(1);
        talk.awaitHeardAll();
        talk.sayAndVerify(3);
        assertEquals(List.of(), talk.told().stream().filter(times -> times > 0).toList());
    }
}
