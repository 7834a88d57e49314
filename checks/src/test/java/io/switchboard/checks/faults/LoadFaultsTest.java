package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.Line;
import io.switchboard.checks.client.Stamp;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.NodeProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published chat programs do wrong when much happens at once, and this one does not: N8, N9, G4, G7, G8.
 */
@Tag("component")
@Tag("node")
class LoadFaultsTest {
    private static final int NEWCOMERS = 150;
    private static final int MESSAGES = 300;
    private static final int PER_SECOND = 150;

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.with("limits.close_timeout", "1s"));

    @Test
    void n8JoiningAndLeavingDuringAStormOfGroupMessagesIsHarmless() {
        try (var talkers = Crowd.connect(inTurn("/chat/group/n8/talker", 4));
                var newcomers = Crowd.connect(inTurn("/chat/channel/n8-new", NEWCOMERS))) {
            var said = saidByTheFirst("group:n8");
            var talk = talkers.begin(said, PER_SECOND);
            var joins = new ArrayList<Line>();
            for (int i = 0; i < NEWCOMERS; i++) {
                joins.add(new Line(i, Chat.join("n8")));
            }
            newcomers.say(joins, PER_SECOND);
            for (int i = 0; i < NEWCOMERS; i += 2) {
                newcomers.abort(i);
            }
            talk.join();
            awaitHeardByAllButTheFirst(talkers, Map.of(stream("group:n8"), MESSAGES));
            for (int i = 1; i < NEWCOMERS; i += 2) {
                int member = i;
                var faults = newcomers.ledger(i).differences(Map.of()).stream()
                        .filter(text -> text.contains("repeated"))
                        .toList();
                assertEquals(List.of(), faults, () -> "newcomer " + member);
            }
        }
    }

    @Test
    void n9StalledReaderHoldsBackNobodyAndIsClosedInTheEnd() {
        var anna = CLUSTER.onA("/chat/channel/n9-anna").join("n9");
        var ben = CLUSTER.onB("/chat/channel/n9-ben").join("n9");
        var cleo = CLUSTER.onA("/chat/channel/n9-cleo").join("n9");
        ben.hearsNotice("n9-cleo", "n9");
        anna.hearsNotice("n9-ben", "n9");
        anna.hearsNotice("n9-cleo", "n9");
        CLUSTER.narrowOnA("/chat/group/n9/stalled");
        double closedBefore = CLUSTER.nodeA().metric("switchboard_closed_slow_total");

        var text = "z".repeat(256 << 10);
        int said = 0;
        while (CLUSTER.nodeA().metric("switchboard_closed_slow_total") == closedBefore) {
            assertTrue(++said <= 200, "what waits for a stalled client is without bound");
            anna.sayToGroup("n9", said + text);
            ben.hearsGroup("n9", "n9-anna", said + text);
            cleo.hearsGroup("n9", "n9-anna", said + text);
        }
        anna.sayToGroup("n9", "and on it goes");
        ben.hearsGroup("n9", "n9-anna", "and on it goes");
        cleo.hearsGroup("n9", "n9-anna", "and on it goes");
        CLUSTER.verifyNothingMore(anna, ben, cleo);
        Cluster.awaitSessions(CLUSTER.nodeA(), 2);
    }

    @Test
    void n9ManySendersToOneReaderNeverMixTheirFrames() {
        int senders = 20;
        int each = 20;
        try (var reader = Crowd.connect(List.of(CLUSTER.nodeA().uri("/chat/channel/n9-reader")));
                var crowd = Crowd.connect(inTurn("/chat/channel/n9-sender", senders))) {
            var lines = new ArrayList<Line>();
            var expected = new HashMap<String, Integer>();
            for (int number = 0; number < each; number++) {
                for (int i = 0; i < senders; i++) {
                    var stamp = Stamp.of("user:n9-reader", "sender" + i, number).text();
                    lines.add(new Line(i, Chat.one("n9-reader", stamp + "z".repeat(20_000 + 100 * i))));
                    expected.put(Stamp.stream("user:n9-reader", "sender" + i), each);
                }
            }
            crowd.say(lines, 100_000);
            awaitHeard(reader, Map.of(0, expected));
            assertEquals(Map.of(), crowd.endings());
        }
    }

    @Test
    void g4ConnectingAndLeavingDuringABroadcastIsHarmless() {
        try (var talkers = Crowd.connect(inTurn("/chat/all/g4-talker", 4))) {
            var said = saidByTheFirst("all");
            var talk = talkers.begin(said, PER_SECOND);
            try (var early = Crowd.connect(inTurn("/chat/channel/g4-early", NEWCOMERS / 2))) {
                for (int i = 0; i < NEWCOMERS / 2; i++) {
                    early.abort(i);
                }
                early.join(inTurn("/chat/all/g4-late", NEWCOMERS / 2));
            }
            talk.join();
            awaitHeardByAllButTheFirst(talkers, Map.of(stream("all"), MESSAGES));
        }
    }

    @Test
    void g7OrderOfASenderIsKept() {
        try (var crowd = Crowd.connect(inTurn("/chat/channel/g7-", 4))) {
            var lines = new ArrayList<Line>();
            var expected = new HashMap<Integer, Map<String, Integer>>();
            for (int i = 0; i < 4; i++) {
                lines.add(new Line(i, Chat.join("g7")));
            }
            crowd.say(lines, 10_000);
            Await.until(
                    "everybody to be in the group",
                    () -> IntStream.range(0, 4).allMatch(i -> crowd.ledger(i).unstamped() > 0));
            lines.clear();
            for (int number = 0; number < MESSAGES; number++) {
                for (int to = 1; to < 4; to++) {
                    lines.add(new Line(0, Chat.one("g7-" + to, stamped("user:g7-" + to, number))));
                }
                lines.add(new Line(0, Chat.group("g7", stamped("group:g7", number))));
                lines.add(new Line(0, Chat.all(stamped("all", number))));
            }
            for (int to = 1; to < 4; to++) {
                expected.put(
                        to,
                        Map.of(
                                stream("user:g7-" + to),
                                MESSAGES,
                                stream("group:g7"),
                                MESSAGES,
                                stream("all"),
                                MESSAGES));
            }
            crowd.say(lines, 100_000);
            awaitHeard(crowd, expected);
        }
    }

    @Test
    void g8StalledReaderDelaysNoBroadcast() {
        CLUSTER.narrowOnA("/chat/channel/g8-stalled");
        var here = CLUSTER.onA("/chat/channel/g8-here");
        var there = CLUSTER.onB("/chat/channel/g8-there");
        var text = "z".repeat(100_000);
        for (int i = 0; i < 120; i++) {
            there.sayToAll(i + text);
            here.hearsAll("g8-there", i + text);
        }
        assertEquals(2, Cluster.sessions(CLUSTER.nodeA()), "the stalled one is still there");
        CLUSTER.verifyNothingMore(here, there);
    }

    /** Numbered from 0, the even ones on node A and the odd ones on node B. */
    private static List<URI> inTurn(String pathStart, int count) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < count; i++) {
            NodeProcess node = i % 2 == 0 ? CLUSTER.nodeA() : CLUSTER.nodeB();
            addresses.add(node.uri(pathStart + i));
        }
        return addresses;
    }

    private static List<Line> saidByTheFirst(String topic) {
        var lines = new ArrayList<Line>();
        for (int number = 0; number < MESSAGES; number++) {
            lines.add(new Line(0, stamped(topic, number)));
        }
        return lines;
    }

    private static String stamped(String topic, int number) {
        return Stamp.of(topic, "first", number).text();
    }

    private static String stream(String topic) {
        return Stamp.stream(topic, "first");
    }

    private static void awaitHeardByAllButTheFirst(Crowd crowd, Map<String, Integer> each) {
        var expected = new HashMap<Integer, Map<String, Integer>>();
        for (int i = 1; i < crowd.size(); i++) {
            expected.put(i, each);
        }
        awaitHeard(crowd, expected);
    }

    private static void awaitHeard(Crowd crowd, Map<Integer, Map<String, Integer>> expected) {
        Await.until("nothing lost, nothing twice", () -> crowd.differences(expected), List::isEmpty);
        assertEquals(Map.of(), crowd.endings());
    }
}
