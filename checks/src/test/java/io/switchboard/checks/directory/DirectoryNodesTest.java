package io.switchboard.checks.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.EndedException;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes with one directory: a user is in one place, whatever happens to the nodes and to the store. */
@Tag("component")
@Tag("node")
class DirectoryNodesTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final String ANN = "/chat/channel/ann";
    private static final String BEN = "/chat/channel/ben";

    private record Nodes(RedisServer redis, RedisServer store, List<NodeProcess> all) implements AutoCloseable {
        static Nodes start(UnaryOperator<NodeSettings> change) {
            var redis = RedisServer.start();
            var store = RedisServer.start();
            var starting = Stream.of("A", "B", "C")
                    .map(name -> change.apply(NodeSettings.chat(name, redis.uri())
                            .with("directory.type", "redis")
                            .with("directory.uri", store.uri())
                            .with("directory.lease", LEASE.toSeconds() + "s")
                            .withJvmOptions("-Xmx128m")))
                    .map(settings -> CompletableFuture.supplyAsync(() -> NodeProcess.start(settings)))
                    .toList();
            var nodes = new Nodes(
                    redis, store, starting.stream().map(CompletableFuture::join).toList());
            nodes.all.forEach(node -> nodes.awaitOthers(node, 2));
            return nodes;
        }

        NodeProcess node(int number) {
            return all.get(number);
        }

        /** Until the node counts so many others as live. */
        void awaitOthers(NodeProcess node, int others) {
            Await.until(
                    "node " + node.name() + " to count " + others + " others",
                    () -> node.metric("switchboard_directory_nodes"),
                    count -> count == others);
        }

        List<String> claims(String user) {
            try (var wire = store.wire()) {
                return wire.call("HKEYS", "switchboard:{u:" + user + "}").items().stream()
                        .map(reply -> reply.text())
                        .filter(field -> !field.equals("@"))
                        .toList();
            }
        }

        @Override
        public void close() {
            all.forEach(NodeProcess::close);
            store.close();
            redis.close();
        }
    }

    private static void replaced(WsClient client) {
        client.awaitClose(4001);
        client.close();
    }

    /** One message to the user reaches this client and is the only thing it hears. */
    private static void isInPlace(NodeProcess from, String user, WsClient client, String text) {
        try (var sender = ChatClient.connect(from.uri("/chat/channel/sender"))) {
            sender.sayTo(user, text);
            assertTrue(client.nextText().endsWith(text));
            client.expectNothingMore();
        }
    }

    @Test
    void theNewestWinsAcrossNodes() throws Exception {
        try (var nodes = Nodes.start(settings -> settings)) {
            var first = WsClient.connect(nodes.node(0).uri(ANN));
            var second = WsClient.connect(nodes.node(1).uri(ANN));
            replaced(first);
            isInPlace(nodes.node(2), "ann", second, "once");
            var group = WsClient.connect(nodes.node(2).uri("/chat/group/g/ann"));
            second.expectNothingMore();
            race(nodes, second);
            group.expectNothingMore();
        }
    }

    private static void race(Nodes nodes, WsClient loser) throws Exception {
        var racers = new ArrayList<WsClient>();
        try (var threads = Executors.newFixedThreadPool(24)) {
            var logins = new ArrayList<Future<WsClient>>();
            for (int i = 0; i < 300; i++) {
                var uri = nodes.node(i % 3).uri(ANN);
                logins.add(threads.submit(() -> WsClient.connect(uri)));
            }
            for (var login : logins) {
                racers.add(login.get());
            }
        }
        replaced(loser);
        Await.until(
                "one claim for this kind of endpoint, and one for the group",
                () -> nodes.claims("ann"),
                claims -> claims.size() == 2);
        Await.until(
                "one session in all, beside the group's",
                () -> nodes.all.stream()
                        .mapToDouble(node -> node.metric("switchboard_sessions"))
                        .sum(),
                count -> count == 2);
        int staying = 0;
        for (var racer : racers) {
            if (wasReplaced(racer)) {
                racer.close();
            } else {
                staying++;
            }
        }
        assertEquals(1, staying);
    }

    private static boolean wasReplaced(WsClient racer) {
        try {
            racer.send(Frame.ping("?"));
            Frame frame = racer.receive();
            if (frame.opcode() == Frame.CLOSE) {
                assertEquals(4001, frame.closeCode());
                return true;
            }
            assertEquals(Frame.PONG, frame.opcode());
            return false;
        } catch (EndedException | UncheckedIOException _ended) {
            // The close frame was lost in the reset that our ping met.
            return true;
        }
    }

    @Test
    void usersOfAKilledNodeLogInElsewhereAtOnce() {
        try (var nodes = Nodes.start(settings -> settings)) {
            WsClient.connect(nodes.node(2).uri(ANN));
            nodes.node(2).kill9();
            long before = System.nanoTime();
            var again = WsClient.connect(nodes.node(0).uri(ANN));
            assertTrue(System.nanoTime() - before < LEASE.toNanos(), "at once");
            assertEquals(1, nodes.claims("ann").size());
            isInPlace(nodes.node(1), "ann", again, "back");
            nodes.awaitOthers(nodes.node(0), 1);
            nodes.awaitOthers(nodes.node(1), 1);
        }
    }

    @Test
    void aNodeThatWasStoppedNoticesBeforeItWritesAgain() {
        try (var nodes = Nodes.start(settings -> settings)) {
            var stopped = nodes.node(1);
            var oldAnn = WsClient.connect(stopped.uri(ANN));
            var ben = WsClient.connect(stopped.uri(BEN));
            stopped.freeze();
            nodes.awaitOthers(nodes.node(0), 1);
            var ann = WsClient.connect(nodes.node(0).uri(ANN));
            isInPlace(nodes.node(2), "ann", ann, "for the new one only");
            stopped.thaw();
            // Its next frame: what was said to ann meanwhile waited at the broker and must not come first.
            replaced(oldAnn);
            isInPlace(nodes.node(2), "ben", ben, "still here");
            assertTrue(stopped.metric("switchboard_fences_total") >= 1, stopped::errors);
            assertEquals(1, nodes.claims("ann").size());
            nodes.awaitOthers(nodes.node(0), 2);
            Await.until("ben's claim again", () -> nodes.claims("ben"), claims -> claims.size() == 1);
        }
    }

    @Test
    void aStoreThatLostItsDataIsRebuilt() {
        try (var nodes = Nodes.start(settings -> settings)) {
            var ann = WsClient.connect(nodes.node(0).uri(ANN));
            var ben = WsClient.connect(nodes.node(1).uri(BEN));
            try (var wire = nodes.store.wire()) {
                wire.call("FLUSHALL").text();
            }
            Await.until(
                    "the claims again",
                    () -> nodes.claims("ann").size() + nodes.claims("ben").size() == 2);
            var second = WsClient.connect(nodes.node(2).uri(ANN));
            replaced(ann);
            isInPlace(nodes.node(0), "ben", ben, "undisturbed");
            isInPlace(nodes.node(0), "ann", second, "new");
        }
    }

    @Test
    void whileTheStoreIsDownLoginsGoOnAndAreSettledAfterwards() {
        try (var nodes = Nodes.start(settings -> settings)) {
            var before = WsClient.connect(nodes.node(2).uri(BEN));
            nodes.store.stop();
            nodes.all.forEach(node -> Await.until(
                    "node " + node.name() + " to miss it", () -> node.metric("switchboard_directory_up") == 0));
            var first = WsClient.connect(nodes.node(0).uri(ANN));
            var second = WsClient.connect(nodes.node(1).uri(ANN));
            first.expectNothingMore();
            second.expectNothingMore();
            nodes.store.restart();
            replaced(first);
            isInPlace(nodes.node(2), "ann", second, "settled");
            isInPlace(nodes.node(0), "ben", before, "never disturbed");
        }
    }

    @Test
    void theOldestStaysWhileItIsThereAndStoreTroubleMayRefuse() {
        try (var nodes = Nodes.start(settings ->
                settings.with("sessions.strategy", "oldest").with("sessions.when_directory_down", "refuse"))) {
            var first = WsClient.connect(nodes.node(0).uri(ANN));
            assertEquals(409, WsClient.ask(Handshake.to(nodes.node(1).uri(ANN))).status());
            first.expectNothingMore();
            nodes.node(0).kill9();
            var answer = WsClient.ask(Handshake.to(nodes.node(1).uri(ANN)));
            assertEquals(503, answer.status(), "it cannot be known yet whether the first is there");
            assertTrue(!answer.header("Retry-After").isEmpty());
            nodes.awaitOthers(nodes.node(1), 1);
            WsClient.connect(nodes.node(1).uri(ANN)).expectNothingMore();
            nodes.store.stop();
            Await.until(
                    "logins to be refused",
                    () -> WsClient.ask(Handshake.to(nodes.node(2).uri(BEN))).status(),
                    status -> status == 503);
        }
    }
}
