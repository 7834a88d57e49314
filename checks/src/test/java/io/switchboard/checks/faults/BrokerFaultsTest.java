package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published chat programs do wrong between themselves and Redis, and this one does not: N5, N6, N11, G3, G6,
 * G9.
 */
@Tag("component")
@Tag("node")
class BrokerFaultsTest {
    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start();

    @AfterEach
    void restoreRedis() {
        if (!CLUSTER.redis().alive()) {
            CLUSTER.redis().restart();
        }
        CLUSTER.awaitLinksUp();
    }

    @Test
    void n5OneCopyAfterTheGroupWasEmptyAndAfterJoiningAgain() {
        for (int round = 0; round < 2; round++) {
            CLUSTER.onB("/chat/channel/n5-" + round).join("n5").leave();
            CLUSTER.onB("/chat/group/n5/g" + round).leave();
            CLUSTER.awaitSubscribers("group:n5", 0);
        }
        var ben = CLUSTER.onB("/chat/channel/n5-ben").join("n5").join("n5").join("n5");
        var anna = CLUSTER.onA("/chat/channel/n5-anna").join("n5").join("n5");
        ben.hearsNotice("n5-anna", "n5");
        ben.hearsNotice("n5-anna", "n5");
        anna.sayToGroup("n5", "once?");
        ben.hearsGroup("n5", "n5-anna", "once?");
        assertEquals(2, CLUSTER.publish("group:n5", Chat.wire("group:n5", "9", "once?")), "nodes that listen");
        anna.hearsGroup("n5", "9", "once?");
        ben.hearsGroup("n5", "9", "once?");
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void n6LastOfOneEndpointTakesNoTopicFromTheOthers() {
        var ben = CLUSTER.onB("/chat/channel/n6-ben").join("n6");
        var inGroup = CLUSTER.onB("/chat/group/n6/n6-cleo");
        var inAll = CLUSTER.onB("/chat/all/n6-dora");
        // What these two alone listen to shows when the node has given up what nobody here wants any more.
        var decoy = CLUSTER.onB("/chat/group/n6-decoy/n6-emil");
        inGroup.leave();
        inAll.leave();
        decoy.leave();
        CLUSTER.awaitSubscribers("group:n6-decoy", 0);

        var anna = CLUSTER.onA("/chat/channel/n6-anna").join("n6");
        ben.hearsNotice("n6-anna", "n6");
        anna.sayToGroup("n6", "group");
        ben.hearsGroup("n6", "n6-anna", "group");
        anna.sayToAll("all");
        ben.hearsAll("n6-anna", "all");
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void n11RefusedSubscriptionBlocksNoLaterJoin() {
        var anna = CLUSTER.onA("/chat/channel/n11-anna");
        var ben = CLUSTER.onB("/chat/channel/n11-ben").join("n11-later");
        try (var wire = CLUSTER.redis().wire()) {
            wire.call("ACL", "SETUSER", "default", "-subscribe").text();
            try {
                anna.joinWithoutBroker("n11-refused");
                CLUSTER.onA("/chat/channel/n11-newcomer").joinWithoutBroker("n11-refused-too");
            } finally {
                wire.call("ACL", "SETUSER", "default", "+subscribe").text();
            }
        }
        anna.sayToAll("still connected");
        ben.hearsAll("n11-anna", "still connected");
        anna.join("n11-later");
        ben.hearsNotice("n11-anna", "n11-later");
        ben.sayToGroup("n11-later", "welcome");
        anna.hearsGroup("n11-later", "n11-ben", "welcome");
        CLUSTER.awaitSubscribers("group:n11-refused", 1);
    }

    @Test
    void n11RedisDownDropsNobodyAndBlocksNoLaterJoin() {
        var anna = CLUSTER.onA("/chat/channel/n11-anna").join("n11");
        var ben = CLUSTER.onB("/chat/channel/n11-ben").join("n11");
        anna.hearsNotice("n11-ben", "n11");
        CLUSTER.redis().kill9();
        CLUSTER.awaitLinksDown();
        anna.sayToGroup("n11", "is anybody there?");
        anna.hearsError();
        var cleo = CLUSTER.onA("/chat/channel/n11-cleo");
        cleo.joinWithoutBroker("n11");
        cleo.hearsError();
        anna.hearsNotice("n11-cleo", "n11");

        CLUSTER.redis().restart();
        CLUSTER.awaitLinksUp();
        Await.until("both nodes to listen again", () -> CLUSTER.subscribers("group:n11"), now -> now == 2);
        ben.sayToGroup("n11", "yes");
        anna.hearsGroup("n11", "n11-ben", "yes");
        cleo.hearsGroup("n11", "n11-ben", "yes");
        cleo.join("n11-later");
        ben.join("n11-later");
        cleo.hearsNotice("n11-ben", "n11-later");
        CLUSTER.verifyNothingMore(anna, ben, cleo);
    }

    @Test
    void n11RefusedPublicationIsHeardHereAndItsSenderTold() {
        var anna = CLUSTER.onA("/chat/channel/n11-anna");
        var here = CLUSTER.onA("/chat/channel/n11-here");
        var there = CLUSTER.onB("/chat/channel/n11-there");
        try (var wire = CLUSTER.redis().wire()) {
            wire.call("ACL", "SETUSER", "default", "-publish").text();
            try {
                anna.sayTo("n11-there", "one");
                anna.hearsError();
                anna.sayToAll("all");
                anna.hearsError();
                here.hearsAll("n11-anna", "all");
            } finally {
                wire.call("ACL", "SETUSER", "default", "+publish").text();
            }
        }
        CLUSTER.awaitLinksUp();
        anna.sayTo("n11-there", "again");
        there.hearsOne("n11-anna", "again");
        CLUSTER.verifyNothingMore(anna, here, there);
    }

    @Test
    void g3RefusedGroupMessagesBlockNoLaterJoin() {
        var anna = CLUSTER.onA("/chat/channel/g3-anna");
        var ben = CLUSTER.onA("/chat/channel/g3-ben").join("g3");
        for (int round = 0; round < 20; round++) {
            anna.sayToGroup("g3-nowhere", "x");
            anna.hears(Chat.notExists("g3-nowhere"));
            anna.sayToGroup("g3", "x");
            anna.hears(Chat.notIn("g3-anna", "g3"));
        }
        anna.join("g3");
        ben.hearsNotice("g3-anna", "g3");
        anna.join("g3-nowhere");
        // Her notice is on its way through Redis: whoever joins before it is back hears it too.
        CLUSTER.verifyNothingMore(anna, ben);
        ben.join("g3-nowhere");
        anna.hearsNotice("g3-ben", "g3-nowhere");
        anna.sayToGroup("g3", "at last");
        ben.hearsGroup("g3", "g3-anna", "at last");
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void g6OneCopyForEveryoneAfterTheNodeWasEmpty() {
        CLUSTER.awaitSubscribers("all", 0);
        for (int round = 0; round < 3; round++) {
            CLUSTER.onB("/chat/channel/g6-" + round).leave();
            CLUSTER.onB("/chat/all/g6-" + round).leave();
            CLUSTER.awaitSubscribers("all", 0);
        }
        var ben = CLUSTER.onB("/chat/channel/g6-ben");
        var cleo = CLUSTER.onB("/chat/all/g6-cleo");
        var anna = CLUSTER.onA("/chat/channel/g6-anna");
        anna.sayToAll("once?");
        ben.hearsAll("g6-anna", "once?");
        cleo.hearsAll("g6-anna", "once?");
        CLUSTER.verifyNothingMore(anna, ben, cleo);
        assertEquals(2, CLUSTER.subscribers("all"));
    }

    @Test
    void g9WithRedisDownTheSenderIsToldAndNobodyFalls() {
        var anna = CLUSTER.onA("/chat/channel/g9-anna");
        var here = CLUSTER.onA("/chat/channel/g9-here");
        var there = CLUSTER.onB("/chat/channel/g9-there");
        CLUSTER.redis().stop();
        CLUSTER.awaitLinksDown();

        anna.sayTo("g9-there", "one");
        var told = anna.hearsError();
        assertTrue(told.contains("user:g9-there"), told);
        anna.sayTo("g9-here", "one");
        here.hearsOne("g9-anna", "one");
        anna.sayToAll("all");
        anna.hearsError();
        here.hearsAll("g9-anna", "all");
        CLUSTER.verifyNodesLive();

        CLUSTER.redis().restart();
        CLUSTER.awaitLinksUp();
        CLUSTER.awaitSubscribers("all", 2);
        CLUSTER.awaitSubscribers("user:g9-there", 1);
        anna.sayTo("g9-there", "again");
        there.hearsOne("g9-anna", "again");
        CLUSTER.verifyNothingMore(anna, here, there);
    }
}
