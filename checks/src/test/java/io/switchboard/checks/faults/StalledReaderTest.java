package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.Line;
import io.switchboard.checks.client.Stamp;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.NodeProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One client among two hundred stops reading. The others hear everything once; it hears, when it reads again, what its
 * namespace says: all of it while there is room, then the newest, or its close code.
 */
@Tag("component")
@Tag("node")
class StalledReaderTest {
    private static final int CROWD = 200;
    private static final int MESSAGES = 600;
    private static final int ROUND = 40;
    private static final long PACE_NANOS = 100_000;
    private static final String PAD = "z".repeat(2_000);

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.with("limits.message_bytes", "64KiB")
            .with("limits.outlet_bytes", "128KiB")
            .with("limits.backlog_bytes", "256KiB")
            .with("limits.close_timeout", "1s")
            // What is under way between two loops when a writer is slowed would have to fit as well.
            .with("io.threads", "1")
            .with("namespaces", "group slow=drop_oldest"));

    private static List<URI> inTurn(String pathStart) {
        var addresses = new ArrayList<URI>();
        for (int i = 0; i < CROWD; i++) {
            NodeProcess node = i % 2 == 0 ? CLUSTER.nodeA() : CLUSTER.nodeB();
            addresses.add(node.uri(pathStart + i));
        }
        return addresses;
    }

    /**
     * The first of the crowd says numbers first to last; all others hear them, and all before, once and in order. It
     * waits for them from time to time, so that on a busy machine none of them is slow.
     */
    private static void say(Crowd crowd, String topic, int first, int last) {
        for (int from = first; from < last; from += ROUND) {
            sayRound(crowd, topic, from, Math.min(last, from + ROUND));
        }
    }

    private static void sayRound(Crowd crowd, String topic, int first, int last) {
        var lines = new ArrayList<Line>();
        for (int number = first; number < last; number++) {
            lines.add(new Line(0, Stamp.of(topic, "first", number).text() + PAD));
        }
        crowd.say(lines, 1_000);
        var expected = new HashMap<Integer, Map<String, Integer>>();
        for (int i = 1; i < CROWD; i++) {
            expected.put(i, Map.of(Stamp.stream(topic, "first"), last));
        }
        Await.until(
                "nothing lost, nothing twice",
                Duration.ofSeconds(60),
                () -> crowd.differences(expected),
                List::isEmpty);
        assertEquals(Map.of(), crowd.endings());
    }

    /** The number in the next text, if one comes. */
    private static Optional<Integer> nextNumber(ChatClient client, String topic) {
        String before = Stamp.stream(topic, "first") + " ";
        return client.nextWithin(Duration.ofSeconds(2)).map(text -> {
            int from = text.indexOf(before) + before.length();
            return Integer.parseInt(text.substring(from, text.indexOf("#]", from)));
        });
    }

    private static double metric(String name) {
        return CLUSTER.nodeA().metric(name);
    }

    @Test
    void whereTheOldestIsDroppedItHearsTheNewestAndStays() {
        String topic = "group:st1";
        try (var crowd = Crowd.connect(inTurn("/chat/group/st1/u"))) {
            var stalled = CLUSTER.narrowOnA("/chat/group/st1/stalled");
            double slowed = metric("switchboard_publishers_slowed_total");
            say(crowd, topic, 0, MESSAGES);
            assertEquals(slowed, metric("switchboard_publishers_slowed_total"), "one among many slows nobody");
            int dropped = (int) CLUSTER.nodeA().metric("switchboard_dropped_total", "policy", "drop_oldest");
            assertTrue(dropped > 0, "nothing was dropped");
            int heard = 0;
            int last = -1;
            for (var number = nextNumber(stalled, topic); number.isPresent(); number = nextNumber(stalled, topic)) {
                assertTrue(number.get() > last, number.get() + " after " + last);
                last = number.get();
                heard++;
            }
            assertEquals(MESSAGES - 1, last);
            assertEquals(MESSAGES - dropped, heard);
            assertTrue(CLUSTER.nodeA().metric("switchboard_dropped_gaps_total", "told", "no") > 0);
            say(crowd, topic, MESSAGES, MESSAGES + 1);
            assertEquals(Optional.of(MESSAGES), nextNumber(stalled, topic));
        }
    }

    @Test
    void whereItWouldBeClosedItHearsAllWhileThereIsRoomAndThenIsClosed() {
        try (var crowd = Crowd.connect(inTurn("/chat/all/st2-"))) {
            var stalled = CLUSTER.narrowOnA("/chat/all/st2-stalled");
            int said = 0;
            while (metric("switchboard_backlog_bytes") < 128 << 10) {
                say(crowd, "all", said, said += 50);
            }
            for (int i = 0; i < said; i++) {
                assertEquals(Optional.of(i), nextNumber(stalled, "all"));
            }
            Await.until("nobody is pressed", () -> metric("switchboard_sessions_pressed"), now -> now == 0);
            assertEquals(0, metric("switchboard_backlog_bytes"));
            double closed = metric("switchboard_closed_slow_total");
            say(crowd, "all", said, said + MESSAGES);
            assertEquals(closed + 1, metric("switchboard_closed_slow_total"));
            stalled.connection().awaitEnd();
        }
    }

    /** Far more than may wait for the reader: only because its writer waits for it does none of it get lost. */
    @Test
    void whoWritesToItAloneIsSlowedToItsPace() throws IOException {
        int messages = 2_000;
        var socket = new Socket();
        socket.setReceiveBufferSize(64 << 10);
        double slowed = metric("switchboard_publishers_slowed_total");
        try (var reader = WsClient.connect(Handshake.to(CLUSTER.nodeA().uri("/chat/user/st3-reader")), socket)) {
            var writer = CLUSTER.onA("/chat/user/st3-writer");
            var writing = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < messages; i++) {
                    writer.send(Chat.direct("st3-reader", i + PAD + PAD + PAD));
                }
            });
            for (int i = 0; i < messages; i++) {
                assertEquals(Chat.heardOne("st3-writer", i + PAD + PAD + PAD), reader.nextText());
                LockSupport.parkNanos(PACE_NANOS);
            }
            Await.until("all has been written", writing::isAlive, alive -> !alive);
        }
        assertTrue(metric("switchboard_publishers_slowed_total") > slowed, "nobody was slowed");
    }
}
