package io.switchboard.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.Line;
import io.switchboard.checks.client.Stamp;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.Nginx;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes behind a real nginx with the shipped configuration, and many clients through it. */
@Tag("component")
@Tag("node")
class NginxTest {
    private static final int CLIENTS = 500;
    private static final int ROUNDS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RedisServer redis = RedisServer.start();
    private final NodeProcess nodeA = NodeProcess.start(NodeSettings.chat("A", redis.uri()));
    private final NodeProcess nodeB = NodeProcess.start(NodeSettings.chat("B", redis.uri()));
    private final Nginx nginx = Nginx.inFrontOf(List.of(nodeA.port(), nodeB.port()));

    @AfterEach
    void closeAll() {
        nginx.close();
        nodeA.close();
        nodeB.close();
        redis.close();
    }

    @Test
    void clientsAreSpreadInTurnAndMeetAcrossNodes() {
        try (var crowd = Crowd.connect(users(0, CLIENTS))) {
            awaitSessions(nodeA, CLIENTS / 2);
            awaitSessions(nodeB, CLIENTS / 2);

            crowd.say(messagesToTheNext(0), 5_000);
            crowd.awaitMessages((long) CLIENTS * ROUNDS, PATIENCE);
            assertEquals(List.of(), crowd.differences(heardFromTheOneBefore(ROUNDS)));
        }
    }

    @Test
    void reloadDisturbsNobody() {
        try (var crowd = Crowd.connect(users(0, CLIENTS))) {
            var talk = crowd.begin(messagesToTheNext(0), 1_000);
            crowd.awaitMessages(CLIENTS, PATIENCE);
            nginx.reload();
            talk.join();
            crowd.awaitMessages((long) CLIENTS * ROUNDS, PATIENCE);
            assertEquals(List.of(), crowd.differences(heardFromTheOneBefore(ROUNDS)));

            crowd.say(messagesToTheNext(ROUNDS), 5_000);
            crowd.awaitMessages(2L * CLIENTS * ROUNDS, PATIENCE);
            assertEquals(List.of(), crowd.differences(heardFromTheOneBefore(2 * ROUNDS)));
            assertEquals(Map.of(), crowd.endings());

            try (var late = WsClient.connect(nginx.uri("/chat/channel/late"))) {
                late.sendText("{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"late\",\"Msg\":\"to myself\"}}");
                late.awaitText("user late send:to myself");
            }
        }
    }

    @Test
    void killedNodeIsPassedOver() {
        nodeA.kill9();
        try (var crowd = Crowd.connect(users(0, 20))) {
            awaitSessions(nodeB, 20);
            assertEquals(Map.of(), crowd.endings());
        }
    }

    private List<URI> users(int first, int count) {
        var addresses = new ArrayList<URI>();
        for (int i = first; i < first + count; i++) {
            addresses.add(nginx.uri("/chat/channel/u" + i));
        }
        return addresses;
    }

    /** Everybody writes to the next one, who by the round robin is mostly on the other node. */
    private static List<Line> messagesToTheNext(int firstNumber) {
        var lines = new ArrayList<Line>();
        for (int number = firstNumber; number < firstNumber + ROUNDS; number++) {
            for (int i = 0; i < CLIENTS; i++) {
                var next = "u" + (i + 1) % CLIENTS;
                var text = Stamp.of(next, "u" + i, number).text();
                var body = "{\"Id\":\"" + next + "\",\"Msg\":\"" + text + "\"}";
                lines.add(new Line(i, "{\"Method\":\"One\",\"MsgBody\":" + body + "}"));
            }
        }
        return lines;
    }

    private static Map<Integer, Map<String, Integer>> heardFromTheOneBefore(int count) {
        var expected = new HashMap<Integer, Map<String, Integer>>();
        for (int i = 0; i < CLIENTS; i++) {
            var before = "u" + (i + CLIENTS - 1) % CLIENTS;
            expected.put(i, Map.of(Stamp.stream("u" + i, before), count));
        }
        return expected;
    }

    private static void awaitSessions(NodeProcess node, int count) {
        Await.until(
                count + " sessions on node " + node.name(),
                () -> node.metric("switchboard_sessions"),
                sessions -> sessions == count);
    }
}
