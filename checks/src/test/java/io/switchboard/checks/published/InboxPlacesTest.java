package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The published keys of the inbox design, in which nodes of the published program look where a user is, written by two
 * node processes into a real Redis: D2, D4, D5. What links the nodes does not matter here.
 */
@Tag("component")
@Tag("node")
class InboxPlacesTest {
    private static final String KICKED = "在别处上线了，请在新的设备上查看消息！";
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static RedisServer redis;
    private static NodeProcess nodeA;
    private static NodeProcess nodeB;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        var starting = Stream.of("nodeA", "nodeB")
                .map(name -> NodeSettings.of(name, "inbox-rocketmq")
                        .with("backplane.type", "redis")
                        .with("backplane.uri", redis.uri())
                        .with("backplane.format", "native")
                        .with("directory.type", "redis")
                        .with("directory.uri", redis.uri())
                        .with("directory.lease", LEASE.toSeconds() + "s")
                        .withJvmOptions("-Xmx128m"))
                .map(settings -> CompletableFuture.supplyAsync(() -> NodeProcess.start(settings)))
                .toList();
        nodeA = starting.get(0).join();
        nodeB = starting.get(1).join();
    }

    @AfterAll
    static void stop() {
        nodeA.close();
        nodeB.close();
        redis.close();
    }

    private static WsClient on(NodeProcess node, String user) {
        return WsClient.connect(node.uri("/ws/" + user));
    }

    private static String key(String user) {
        return "websocket-demo:userNode:" + user;
    }

    private static String place(String user) {
        try (var wire = redis.wire()) {
            return wire.call("GET", key(user)) instanceof Reply.Bulk there ? there.text() : "";
        }
    }

    private static void call(String... words) {
        try (var wire = redis.wire()) {
            wire.call(words).text();
        }
    }

    @Test
    void d2NewestConnectionHasTheKeyAndTheOlderIsToldOnWhicheverNode() {
        var old = on(nodeA, "6");
        assertEquals("nodeA", place("6"), "there when the client has its answer");
        try (var wire = redis.wire()) {
            assertEquals(-1, wire.call("TTL", key("6")).number(), "as published");
        }
        try (var successor = on(nodeB, "6")) {
            assertEquals("nodeB", place("6"));
            old.awaitText(KICKED);
            old.awaitClose(4001);
            old.send(Frame.close(4001, ""));
            old.awaitEnd();
            successor.expectNothingMore();
            assertEquals("nodeB", place("6"), "the late end of the older takes nothing away");
        }
        Await.until("the key to go with the connection", () -> place("6").isEmpty());
    }

    /** On one node the older gives back what has the same value. */
    @Test
    void olderConnectionOfTheSameNodeTakesNothingAway() {
        for (int round = 0; round < 20; round++) {
            var old = on(nodeA, "7");
            var successor = on(nodeA, "7");
            old.awaitText(KICKED);
            old.close();
            successor.expectNothingMore();
            assertEquals("nodeA", place("7"));
            successor.leave();
            Await.until("the key to go", () -> place("7").isEmpty());
        }
    }

    @Test
    void whatAPublishedNodeHasWrittenSinceIsLeftAlone() {
        var user = on(nodeA, "8");
        call("SET", key("8"), "an-old-node");
        user.leave();
        Await.until("the claim to be gone", () -> nodeA.metric("switchboard_sessions") == 0);
        assertEquals("an-old-node", place("8"));
        call("DEL", key("8"));
    }

    @Test
    void d4UsersOfAKilledNodeAreNowhereAfterItsLease() {
        var keeper = on(nodeA, "40");
        on(nodeB, "41");
        on(nodeB, "42");
        assertEquals("nodeB", place("41"));
        nodeB.kill9();
        // Who comes back elsewhere is found there at once, and what is swept later does not touch it.
        try (var back = on(nodeA, "42")) {
            assertEquals("nodeA", place("42"));
            Await.until("the dead node's key to be gone", LEASE.plusSeconds(6), () -> place("41"), String::isEmpty);
            assertEquals("nodeA", place("42"));
            assertEquals("nodeA", place("40"));
            back.expectNothingMore();
        }
        try (var wire = redis.wire()) {
            Await.until(
                    "the dead node's list to be gone",
                    () -> wire.call("KEYS", "switchboard:published:*").items(),
                    lists -> lists.size() == 1);
        }
        keeper.leave();
        nodeB = nodeB.startAgain();
        try (var there = on(nodeB, "41")) {
            assertEquals("nodeB", place("41"));
            there.expectNothingMore();
        }
    }

    @Test
    void d5MessageToSomebodyOfflineNamesNoNode() {
        try (var anna = on(nodeA, "51")) {
            anna.sendText("{\"msgType\":10,\"to\":52,\"content\":\"too early\"}");
            anna.expectNothingMore();
            assertEquals("", place("52"));
            try (var ben = on(nodeB, "52")) {
                anna.sendText("{\"msgType\":10,\"to\":52,\"content\":\"in time\"}");
                assertTrue(ben.nextText().startsWith("{\"content\":\"in time\",\"fromUserId\":51,"));
                ben.expectNothingMore();
            }
        }
    }

    @Test
    void keysAreThereAgainAfterTheStoreLostThem() {
        try (var anna = on(nodeA, "61");
                var wire = redis.wire()) {
            wire.call("FLUSHALL").text();
            Await.until("the key again", () -> place("61"), "nodeA"::equals);
            anna.expectNothingMore();
        }
    }
}
