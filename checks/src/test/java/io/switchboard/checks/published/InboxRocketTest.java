package io.switchboard.checks.published;

import static io.switchboard.checks.cluster.Inbox.hears;
import static io.switchboard.checks.cluster.Inbox.hearsError;
import static io.switchboard.checks.cluster.Inbox.hearsGroup;
import static io.switchboard.checks.cluster.Inbox.isKicked;
import static io.switchboard.checks.cluster.Inbox.toGroup;
import static io.switchboard.checks.cluster.Inbox.toUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.api.ApiClient;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.InboxCluster;
import io.switchboard.checks.components.PublishedInboxNode;
import io.switchboard.server.CannotRunException;
import io.switchboard.server.Switchboard;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published programs with numbered users (D) and with one queue for each node (R) do wrong, and two node
 * processes on a real RocketMQ do not: D1 to D12; R1 to R5, R7, R8. R6 is about a page that this design has not.
 */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class InboxRocketTest {
    private static final int MANY = 500;

    @RegisterExtension
    static final InboxCluster CLUSTER = InboxCluster.start(
            settings -> settings.with("protocols.inbox.groups", "77=601 602 603,78=2201 2202 2203 2204,79=551 552")
                    .with("api.key", "secret"));

    /** One of the published programs beside ours; it hears everything. */
    private static final PublishedInboxNode PUBLISHED = PublishedInboxNode.startWitness(CLUSTER.rocket());

    @AfterAll
    static void stopPublished() {
        PUBLISHED.close();
    }

    @Test
    void d1WhoIsKickedTakesNothingFromTheSuccessor() {
        var anna = CLUSTER.onB("/ws/101");
        for (int round = 0; round < 3; round++) {
            var old = CLUSTER.onA("/ws/102");
            var successor = CLUSTER.onA("/ws/102");
            isKicked(old);
            old.send(Frame.close(4001, ""));
            old.awaitEnd();
            toUser(anna, 102, "are you there?");
            hears(successor, 101, 102, "are you there?");
            successor.expectNothingMore();
            successor.leave();
        }
    }

    @Test
    void d2NewestIsTheOnlyOneWhicheverNodeItIsOn() {
        var anna = CLUSTER.onA("/ws/201");
        var before = CLUSTER.onA("/ws/202");
        for (int round = 0; round < 4; round++) {
            boolean onB = round % 2 == 0;
            var successor = onB ? CLUSTER.onB("/ws/202") : CLUSTER.onA("/ws/202");
            isKicked(before);
            before.send(Frame.close(4001, ""));
            before.awaitEnd();
            toUser(anna, 202, "round " + round);
            hears(successor, 201, 202, "round " + round);
            PUBLISHED.sendToUser(onB ? "nodeB" : "nodeA", 203, 202, "published " + round);
            hears(successor, 203, 202, "published " + round);
            assertEquals(1, CLUSTER.claims("202").size());
            before = successor;
        }
        before.expectNothingMore();
    }

    @Test
    void d3NothingStaysOfThoseWhoLeft() {
        double before = CLUSTER.sum("switchboard_sessions");
        for (int i = 0; i < 60; i++) {
            var client = CLUSTER.on(i % 2 == 0 ? "nodeA" : "nodeB", "/ws/" + (300_000 + i));
            if (i % 3 == 0) {
                client.abort();
            } else {
                client.leave();
            }
        }
        Await.until("the nodes to forget them", () -> CLUSTER.sum("switchboard_sessions") == before);
        for (int i = 0; i < 60; i++) {
            String user = "" + (300_000 + i);
            Await.until(user + " to have no claim", () -> CLUSTER.claims(user).isEmpty());
        }
    }

    @Test
    void d4UsersOfAKilledNodeAreThereAgainAtOnce() {
        CLUSTER.awaitOthers();
        var anna = CLUSTER.onA("/ws/401");
        CLUSTER.onB("/ws/402");
        CLUSTER.nodeB().kill9();
        long start = System.nanoTime();
        var ben = CLUSTER.onA("/ws/402");
        assertTrue(System.nanoTime() - start < InboxCluster.LEASE.toNanos(), "within less than the lease");
        toUser(anna, 402, "back");
        hears(ben, 401, 402, "back");
        assertEquals(1, CLUSTER.claims("402").size());
        CLUSTER.startAgain("nodeB");
        CLUSTER.awaitOthers();
        toUser(anna, 402, "still");
        hears(ben, 401, 402, "still");
    }

    @Test
    void d5MessageToSomebodyOfflineReachesNobody() {
        var anna = CLUSTER.onA("/ws/501");
        var ben = CLUSTER.onB("/ws/503");
        toUser(anna, 502, "too early");
        // What one says keeps its order: when this has come, the other has been where it was going.
        toUser(anna, 503, "after it");
        hears(ben, 501, 503, "after it");
        anna.expectNothingMore();
        var late = CLUSTER.onB("/ws/502");
        toUser(anna, 502, "in time");
        hears(late, 501, 502, "in time");
        Await.until(
                "both to have gone over the broker",
                () -> PUBLISHED.heard().stream().anyMatch(one -> one.body().contains("in time")));
        assertTrue(PUBLISHED.heard().stream().noneMatch(one -> "null".equals(one.tag())));
    }

    @Test
    void d6GroupMessageGoesToItsMembersOnBothNodesOnly() {
        var anna = CLUSTER.onA("/ws/601");
        var ben = CLUSTER.onA("/ws/602");
        var cleo = CLUSTER.onB("/ws/603");
        var stranger = CLUSTER.onB("/ws/604");
        toGroup(anna, 77, "hello group");
        List.of(anna, ben, cleo).forEach(member -> hearsGroup(member, 601, 77, "hello group"));
        PUBLISHED.sendToGroup(9, 77, "from a published node");
        List.of(anna, ben, cleo).forEach(member -> hearsGroup(member, 9, 77, "from a published node"));
        toGroup(stranger, 77, "let me in");
        hearsError(stranger);
        stranger.expectNothingMore();
    }

    @Test
    void d6ListThatOneNodeIsToldHoldsOnBoth() {
        var anna = CLUSTER.onA("/ws/611");
        var ben = CLUSTER.onB("/ws/612");
        var stranger = CLUSTER.onB("/ws/613");
        toGroup(anna, 80, "everybody's");
        List.of(anna, ben, stranger).forEach(client -> hearsGroup(client, 611, 80, "everybody's"));
        new ApiClient(CLUSTER.nodeA().port(), "secret")
                .call("group_set", "{\"group\":\"80\",\"members\":[\"611\",\"612\"]}");
        PUBLISHED.sendToGroup(9, 80, "from a published node, to the members");
        toGroup(stranger, 80, "let me in");
        hearsError(stranger);
        stranger.expectNothingMore();
        Await.until("both to be members", () -> {
            toGroup(anna, 80, "ours");
            return List.of(anna, ben).stream()
                    .allMatch(client -> client.receive(Duration.ofMillis(500)).isPresent());
        });
        stranger.expectNothingMore();
    }

    @Test
    void d7SenderOfWhatCannotBeReadIsToldAndStays() {
        var anna = CLUSTER.onA("/ws/701");
        var ben = CLUSTER.onB("/ws/702");
        for (var text : List.of("hello", "{}", "{\"to\":702,\"content\":\"x\"}", "{\"msgType\":99,\"to\":702}")) {
            anna.sendText(text);
            hearsError(anna);
        }
        // What cannot be read on the broker harms nobody either.
        for (var body : List.of("x", "{}", "{\"msgType\":10}", "[", "{\"msgType\":10,\"to\":\"702x\",\"content\":1}")) {
            PUBLISHED.put("SINGLE", "nodeB", body);
            PUBLISHED.put("GROUP", "MESSAGE", body);
        }
        toUser(anna, 702, "at last");
        hears(ben, 701, 702, "at last");
        ben.expectNothingMore();
    }

    @Test
    void d8OrderOfEachSenderIsKeptAndNothingComesTwice() {
        var anna = CLUSTER.onA("/ws/801");
        var ben = CLUSTER.onB("/ws/802");
        for (int i = 0; i < MANY; i++) {
            toUser(anna, 802, "m" + i);
        }
        for (int i = 0; i < MANY; i++) {
            hears(ben, 801, 802, "m" + i);
        }
        ben.expectNothingMore();
    }

    @Test
    void d9WhoHasItsAnswerMissesNothing() {
        var anna = CLUSTER.onA("/ws/901");
        for (int i = 910; i < 940; i++) {
            var ben = CLUSTER.onB("/ws/" + i);
            toUser(anna, i, "welcome");
            hears(ben, 901, i, "welcome");
            ben.leave();
        }
    }

    @Test
    void d10FragmentsTogetherAreLimited() {
        var anna = CLUSTER.onA("/ws/1001");
        anna.send(Frame.text("z".repeat(60_000)).unfinished());
        anna.send(Frame.continuation("z".repeat(6_000).getBytes(StandardCharsets.UTF_8)));
        assertEquals("Max frame length of 65536 has been exceeded.", anna.awaitClose(1009));
    }

    @Test
    void d11NodeThatCannotHaveItsPortDoesNotStart() throws Exception {
        var config = ConfigSources.none()
                .withPreset("inbox-rocketmq")
                .withSet("backplane.uri=" + CLUSTER.rocket().uri())
                .withSet("node.host=127.0.0.1")
                .withSet("node.port=" + CLUSTER.nodeA().port())
                .load();
        var failure = assertThrows(CannotRunException.class, () -> Switchboard.start(config));
        assertTrue(String.valueOf(failure.getMessage()).contains("is the port in use"), failure.getMessage());
    }

    @Test
    void d12FirstConnectionOfAUserIsServed() {
        var first = CLUSTER.onA("/ws/1201");
        toUser(first, 1201, "to myself");
        hears(first, 1201, 1201, "to myself");
        first.expectNothingMore();
    }

    @Test
    void r1WhatIsForOneIsHeardByThatOneOnly() {
        var anna = CLUSTER.onA("/ws/2101");
        var ben = CLUSTER.onB("/ws/2102");
        var cleo = CLUSTER.onB("/ws/2103");
        toUser(anna, 2102, "for ben");
        hears(ben, 2101, 2102, "for ben");
        toUser(ben, 2101, "for anna");
        hears(anna, 2102, 2101, "for anna");
        List.of(anna, ben, cleo).forEach(WsClient::expectNothingMore);
    }

    /** Many at once in one group: everybody hears each of them once, and each of them in order. */
    @Test
    void r2SendersInParallelAreEachHeardInOrderAndOnce() throws InterruptedException {
        int count = 200;
        var members = IntStream.rangeClosed(2201, 2204)
                .mapToObj(user -> CLUSTER.on(user % 2 == 0 ? "nodeB" : "nodeA", "/ws/" + user))
                .toList();
        var speaking = members.stream()
                .map(member -> Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < count; i++) {
                        toGroup(member, 78, "n" + i);
                    }
                }))
                .toList();
        for (var member : members) {
            var heard = new int[members.size()];
            for (int i = 0; i < count * members.size(); i++) {
                String text = member.nextText();
                int from = Integer.parseInt(text.replaceAll(".*\"fromUserId\":(\\d+).*", "$1")) - 2201;
                assertTrue(text.startsWith("{\"content\":\"n" + heard[from]++ + "\","), text);
            }
            member.expectNothingMore();
        }
        for (var thread : speaking) {
            thread.join();
        }
    }

    @Test
    void r3RestartedNodeTellsNobodyWhatItMissed() {
        var anna = CLUSTER.onA("/ws/551");
        var ben = CLUSTER.onB("/ws/552");
        toUser(anna, 552, "before");
        hears(ben, 551, 552, "before");
        CLUSTER.nodeB().kill9();
        for (int i = 0; i < 50; i++) {
            PUBLISHED.sendToUser("nodeB", 551, 552, "missed " + i);
            PUBLISHED.sendToGroup(551, 79, "missed group " + i);
            hearsGroup(anna, 551, 79, "missed group " + i);
        }
        toUser(anna, 552, "missed too");
        CLUSTER.startAgain("nodeB");
        var again = CLUSTER.onB("/ws/552");
        again.expectNothingMore();
        PUBLISHED.sendToUser("nodeB", 551, 552, "after");
        hears(again, 551, 552, "after");
        PUBLISHED.sendToGroup(551, 79, "after, to the group");
        hearsGroup(again, 551, 79, "after, to the group");
        again.expectNothingMore();
        CLUSTER.awaitOthers();
    }

    @Test
    void r4MessagesUpToTheLimitOfAFrameAreCarriedWhole() {
        var anna = CLUSTER.onA("/ws/2401");
        var ben = CLUSTER.onB("/ws/2402");
        for (int size : new int[] {0, 1, 8_191, 8_192, 8_193, 65_000}) {
            toUser(anna, 2402, "z".repeat(size));
            hears(ben, 2401, 2402, "z".repeat(size));
        }
    }

    @Test
    void r5WhoIsCutOffDisturbsNobody() {
        var anna = CLUSTER.onA("/ws/2501");
        var ben = CLUSTER.onB("/ws/2502");
        for (int round = 0; round < 10; round++) {
            var cut = CLUSTER.onB("/ws/" + (2510 + round));
            for (int i = 0; i < 20; i++) {
                toUser(anna, 2510 + round, "to the one who is cut off");
            }
            cut.abort();
            toUser(anna, 2502, "undisturbed " + round);
            hears(ben, 2501, 2502, "undisturbed " + round);
        }
        anna.expectNothingMore();
        ben.expectNothingMore();
    }

    /** Names come from the configuration alone, and one that RocketMQ would not take is refused with the reason. */
    @Test
    void r7NamesOnTheBrokerAreThoseOfTheConfiguration() {
        CLUSTER.onA("/ws/2701").expectNothingMore();
        var ours = new TreeSet<>(CLUSTER.rocket().groups());
        ours.removeIf(group -> !group.startsWith("switchboard"));
        assertEquals(
                new TreeSet<>(List.of("switchboard-nodes", "switchboard-nodes-GROUP", "switchboard-nodes-SINGLE")),
                ours);
        var dotted = ConfigSources.none().withPreset("inbox-rocketmq").withSet("node.name=10.0.0.1");
        var refusal = assertThrows(ConfigException.class, dotted::load);
        assertTrue(String.valueOf(refusal.getMessage()).contains("node.name"), refusal.toString());
    }

    /** With the broker standing still: nobody is disconnected, who sends is told, and what is here goes on. */
    @Test
    void r8WhoSendsWhileTheBrokerIsAwayStays() {
        var anna = CLUSTER.onA("/ws/2801");
        var neighbour = CLUSTER.onA("/ws/2802");
        var ben = CLUSTER.onB("/ws/2803");
        var everybody = new ArrayList<>(List.of(anna, neighbour, ben));
        CLUSTER.rocket().freeze();
        try {
            CLUSTER.awaitLinks(false);
            toUser(anna, 2802, "on this node");
            hears(neighbour, 2801, 2802, "on this node");
            toUser(anna, 2803, "too far");
            hearsError(anna);
            everybody.add(CLUSTER.onA("/ws/2804"));
        } finally {
            CLUSTER.rocket().thaw();
        }
        CLUSTER.awaitLinks(true);
        toUser(anna, 2803, "within reach");
        hears(ben, 2801, 2803, "within reach");
        everybody.forEach(WsClient::expectNothingMore);
    }
}
