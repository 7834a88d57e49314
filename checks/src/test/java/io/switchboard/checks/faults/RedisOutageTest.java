package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.StartingNode;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Redis killed, stalled and restarted while some hundred clients talk: no session is closed, new ones are admitted,
 * every message is heard or its sender told, nothing comes twice, and all is well again by itself.
 */
@Tag("component")
@Tag("node")
class RedisOutageTest {
    private static final int CLIENTS = 240;

    /**
     * What a killed Redis had accepted and not yet passed on is lost without a word to anybody: at most one turn of its
     * loop, a message or two here, each for a group of this size.
     */
    private static final int LOST_IN_REDIS_MAX = 2 * CLIENTS / 2 / Talk.GROUPS;

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start();

    @AfterEach
    void restoreRedis() {
        if (CLUSTER.redis().alive()) {
            CLUSTER.redis().thaw();
        } else {
            CLUSTER.redis().restart();
        }
        CLUSTER.awaitLinksUp();
    }

    @Test
    void killedUnderLoad() {
        try (var talk = Talk.start(CLUSTER, "killed", CLIENTS)) {
            var duringTheFall = talk.begin(8);
            talk.awaitMoreMessages(CLIENTS);
            CLUSTER.redis().kill9();
            CLUSTER.awaitLinksDown();
            duringTheFall.join();
            talk.awaitAnswered(LOST_IN_REDIS_MAX);
            var newcomers = verifyOutage(talk);
            var duringTheReturn = talk.begin(4);
            CLUSTER.redis().restart();
            duringTheReturn.join();
            verifyFullService(talk);
            verifyInReach(newcomers);
        }
    }

    @Test
    void stalledUnderLoad() {
        try (var talk = Talk.start(CLUSTER, "stalled", CLIENTS)) {
            var duringTheFall = talk.begin(10);
            talk.awaitMoreMessages(CLIENTS);
            CLUSTER.redis().freeze();
            CLUSTER.awaitLinksDown();
            duringTheFall.join();
            talk.awaitAnswered(0);
            var newcomers = verifyOutage(talk);
            var duringTheReturn = talk.begin(4);
            CLUSTER.redis().thaw();
            duringTheReturn.join();
            verifyFullService(talk);
            verifyInReach(newcomers);
        }
    }

    @Test
    void restartedInOrderUnderLoad() {
        try (var talk = Talk.start(CLUSTER, "restarted", CLIENTS)) {
            var meanwhile = talk.begin(10);
            talk.awaitMoreMessages(CLIENTS);
            CLUSTER.redis().restart();
            meanwhile.join();
            verifyFullService(talk);
        }
    }

    /** A node that sleeps is no fault of Redis: it has not missed anything, and does not take itself for cut off. */
    @Test
    void frozenNodeLosesNothingOnceItGoesOn() {
        try (var talk = Talk.start(CLUSTER, "frozen", CLIENTS)) {
            var gaps = CLUSTER.nodeB().metric("switchboard_gaps_total");
            var meanwhile = talk.begin(12);
            talk.awaitMoreMessages(CLIENTS);
            CLUSTER.nodeB().freeze();
            try {
                meanwhile.join();
            } finally {
                CLUSTER.nodeB().thaw();
            }
            talk.awaitHeardAll();
            assertEquals(List.of(), talk.awaitAnswered(0));
            assertEquals(Collections.nCopies(CLIENTS, 0L), talk.told());
            assertEquals(gaps, CLUSTER.nodeB().metric("switchboard_gaps_total"));
            talk.sayAndVerify(1);
        }
    }

    @Test
    void nodeStartedWithoutRedisIsReadyOnceItComes() {
        CLUSTER.redis().stop();
        CLUSTER.awaitLinksDown();
        var settings = NodeSettings.chat("C", CLUSTER.redis().uri());
        try (var starting = StartingNode.start(settings)) {
            starting.awaitLog("that it is not linked", line -> line.contains("is not linked, trying again"));
            assertFalse(starting.saysReady(), "ready without Redis");
            CLUSTER.redis().restart();
            verifyReadyAndInReach(starting);
        }
    }

    private static void verifyReadyAndInReach(StartingNode starting) {
        try (var node = starting.awaitReady()) {
            assertEquals(200, node.get("/health/ready").status());
            assertEquals(200, node.get("/health/links").status());
            CLUSTER.awaitLinksUp();
            var cleo = ChatClient.connect(node.uri("/chat/channel/late-cleo"));
            CLUSTER.onA("/chat/channel/late-anna").sayTo("late-cleo", "there you are");
            cleo.hearsOne("late-anna", "there you are");
            cleo.close();
        }
    }

    /** With the broker surely away. Gives those who came meanwhile, the last one on the other node. */
    private static List<ChatClient> verifyOutage(Talk talk) {
        for (var node : CLUSTER.nodes()) {
            assertEquals(503, node.get("/health/links").status());
            var ready = node.get("/health/ready");
            assertEquals(200, ready.status(), ready::toString);
            assertTrue(ready.body().contains("degraded"), ready::toString);
        }
        talk.forgetTold();
        talk.say(1);
        Await.until("everybody to be told", talk::told, told -> told.stream().allMatch(times -> times > 0));

        var anna = CLUSTER.onA("/chat/channel/outage-anna");
        var ben = CLUSTER.onA("/chat/channel/outage-ben");
        var cleo = CLUSTER.onB("/chat/channel/outage-cleo");
        anna.sayTo("outage-ben", "admitted all the same");
        ben.hearsOne("outage-anna", "admitted all the same");
        cleo.sayTo("outage-cleo", "me too");
        cleo.hearsOne("outage-cleo", "me too");
        cleo.sayTo("outage-ben", "too far");
        cleo.hearsError();
        talk.verifyNobodyLeftAndNothingCameTwice();
        return List.of(anna, ben, cleo);
    }

    private static void verifyFullService(Talk talk) {
        CLUSTER.awaitLinksUp();
        for (var node : CLUSTER.nodes()) {
            Await.until(
                    "nothing to be pending on node " + node.name(),
                    () -> node.metric("switchboard_backplane_pending"),
                    pending -> pending == 0);
        }
        // The order of each sender is kept: with this round all earlier messages have come, or never will.
        talk.say(1);
        talk.awaitHeardAll();
        talk.sayAndVerify(3);
    }

    private static void verifyInReach(List<ChatClient> newcomers) {
        var last = newcomers.getLast();
        for (var other : newcomers) {
            last.sayTo(other.user(), "within reach now");
            other.hearsOne(last.user(), "within reach now");
        }
        CLUSTER.verifyNothingMore(newcomers.toArray(ChatClient[]::new));
    }
}
