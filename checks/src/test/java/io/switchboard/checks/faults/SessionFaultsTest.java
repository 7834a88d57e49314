package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published chat programs do wrong when people come, go and come back, and this one does not: N3, N4, N10, G2,
 * G5.
 */
@Tag("component")
@Tag("node")
class SessionFaultsTest {
    private static final int CONTENDERS = 12;

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start();

    @Test
    void n3WhoComesBackAfterAnAbruptEndHearsEverything() {
        var anna = CLUSTER.onA("/chat/channel/n3-anna").join("n3");
        var cleo = CLUSTER.onB("/chat/channel/n3-cleo");
        for (int round = 0; round < 5; round++) {
            var ben = CLUSTER.onB("/chat/channel/n3-ben").join("n3");
            anna.hearsNotice("n3-ben", "n3");
            ben.abort();
        }
        var ben = CLUSTER.onB("/chat/channel/n3-ben").join("n3");
        anna.hearsNotice("n3-ben", "n3");

        anna.sayTo("n3-ben", "from the other node");
        ben.hearsOne("n3-anna", "from the other node");
        cleo.sayTo("n3-ben", "from your node");
        ben.hearsOne("n3-cleo", "from your node");
        anna.sayToGroup("n3", "to the group");
        ben.hearsGroup("n3", "n3-anna", "to the group");
        anna.sayToAll("to all");
        ben.hearsAll("n3-anna", "to all");
        cleo.hearsAll("n3-anna", "to all");
        CLUSTER.verifyNothingMore(anna, ben, cleo);
        Cluster.awaitSessions(CLUSTER.nodeB(), 2);
        assertEquals(1, CLUSTER.subscribers("user:n3-ben"));
    }

    @Test
    void n4SecondConnectionOfAUserTakesOverAlone() {
        var anna = CLUSTER.onA("/chat/channel/n4-anna");
        var first = CLUSTER.onB("/chat/channel/n4-ben");
        var second = CLUSTER.onB("/chat/channel/n4-ben");
        first.awaitClose(4001);
        anna.sayTo("n4-ben", "one copy");
        second.hearsOne("n4-anna", "one copy");

        // The first goes for good only now, as a slow one would.
        first.connection().send(Frame.close(4001, ""));
        first.connection().awaitEnd();
        anna.sayTo("n4-ben", "still one copy");
        second.hearsOne("n4-anna", "still one copy");
        CLUSTER.verifyNothingMore(anna, second);

        second.leave();
        CLUSTER.awaitSubscribers("user:n4-ben", 0);
    }

    @Test
    void n4OfManyAtOnceExactlyOneStays() {
        var anna = CLUSTER.onA("/chat/channel/n4-anna");
        double replacedBefore = replaced();
        var contenders = IntStream.range(0, CONTENDERS)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> CLUSTER.onB("/chat/channel/n4-many"), Thread::startVirtualThread))
                .toList();
        contenders.forEach(CompletableFuture::join);
        Await.until(
                "all but one to be replaced",
                SessionFaultsTest::replaced,
                now -> now - replacedBefore == CONTENDERS - 1);
        anna.sayTo("n4-many", "who is it?");
        var heard = contenders.stream()
                .map(contender -> firstFrame(contender.join()))
                .sorted()
                .toList();
        var expected = new ArrayList<>(Collections.nCopies(CONTENDERS - 1, "close 4001"));
        expected.add(Chat.heardOne("n4-anna", "who is it?"));
        assertEquals(expected, heard);
    }

    private static double replaced() {
        return CLUSTER.nodeB().metric("switchboard_closes_total", "code", "4001");
    }

    private static String firstFrame(ChatClient client) {
        try {
            var frame = client.connection().receive();
            return frame.opcode() == Frame.CLOSE ? "close " + frame.closeCode() : frame.text();
        } catch (EndedException e) {
            return "ended without a close frame";
        }
    }

    @Test
    void n4OneUserAtTwoEndpointsHearsAtBoth() {
        var anna = CLUSTER.onA("/chat/channel/n4-anna");
        var page = CLUSTER.onB("/chat/channel/n4-both");
        var phone = CLUSTER.onB("/chat/user/n4-both");
        anna.sayTo("n4-both", "everywhere");
        page.hearsOne("n4-anna", "everywhere");
        phone.hearsOne("n4-anna", "everywhere");
        phone.leave();
        anna.sayTo("n4-both", "here");
        page.hearsOne("n4-anna", "here");
        CLUSTER.verifyNothingMore(anna, page);
    }

    @Test
    void n10MessageToSomebodyGoneTakesNobodyElseAway() {
        var anna = CLUSTER.onA("/chat/channel/n10-anna");
        var ben = CLUSTER.onB("/chat/channel/n10-ben");
        for (int round = 0; round < 10; round++) {
            var here = CLUSTER.onA("/chat/channel/n10-here");
            var there = CLUSTER.onB("/chat/channel/n10-there");
            here.abort();
            there.abort();
            anna.sayTo("n10-here", "are you there?");
            anna.sayTo("n10-there", "are you there?");
            ben.sayTo("n10-anna", "I am " + round);
            anna.hearsOne("n10-ben", "I am " + round);
            anna.sayTo("n10-anna", "so am I");
            anna.hearsOne("n10-anna", "so am I");
        }
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void n10GroupsThatEverybodyLeftAreForgotten() {
        int before = (int) CLUSTER.nodeA().metric("switchboard_topics");
        for (int round = 0; round < 3; round++) {
            var anna = CLUSTER.onA("/chat/channel/n10-joiner");
            for (int i = 0; i < 100; i++) {
                anna.join("n10-" + round + "-" + i);
            }
            if (round == 1) {
                anna.abort();
            } else {
                anna.leave();
            }
        }
        Await.until(
                "the topics to be as few as before",
                () -> (int) CLUSTER.nodeA().metric("switchboard_topics"),
                now -> now <= before);
        try (var wire = CLUSTER.redis().wire()) {
            assertEquals(
                    List.of(), wire.call("PUBSUB", "CHANNELS", "group:n10-*").items());
        }
    }

    @Test
    void g2GroupGoesOnAfterMembersAreGone() {
        var anna = CLUSTER.onA("/chat/channel/g2-anna").join("g2");
        var ben = CLUSTER.onB("/chat/channel/g2-ben").join("g2");
        anna.hearsNotice("g2-ben", "g2");
        for (var how : List.<Consumer<ChatClient>>of(ChatClient::leave, ChatClient::abort, ChatClient::close)) {
            var onA = CLUSTER.onA("/chat/channel/g2-gone-a").join("g2");
            anna.hearsNotice("g2-gone-a", "g2");
            ben.hearsNotice("g2-gone-a", "g2");
            var onB = CLUSTER.onB("/chat/group/g2/g2-gone-b");
            how.accept(onA);
            how.accept(onB);
            anna.sayToGroup("g2", "who is left?");
            ben.hearsGroup("g2", "g2-anna", "who is left?");
            ben.sayToGroup("g2", "me");
            anna.hearsGroup("g2", "g2-ben", "me");
        }
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void g5NeitherConnectionsEndHurtsTheOtherOrAnybodyElse() {
        var anna = CLUSTER.onA("/chat/channel/g5-anna");
        var old = CLUSTER.onB("/chat/channel/g5-ben");
        var fresh = CLUSTER.onB("/chat/channel/g5-ben");
        anna.sayTo("g5-ben", "once");
        fresh.hearsOne("g5-anna", "once");
        old.abort();
        anna.sayTo("g5-ben", "after the old one's end");
        fresh.hearsOne("g5-anna", "after the old one's end");
        CLUSTER.verifyNothingMore(anna, fresh);

        fresh.leave();
        var later = CLUSTER.onB("/chat/channel/g5-later");
        anna.sayTo("g5-later", "welcome");
        later.hearsOne("g5-anna", "welcome");
        var again = CLUSTER.onB("/chat/channel/g5-ben");
        anna.sayTo("g5-ben", "welcome back");
        again.hearsOne("g5-anna", "welcome back");
        CLUSTER.verifyNothingMore(anna, later, again);
    }
}
