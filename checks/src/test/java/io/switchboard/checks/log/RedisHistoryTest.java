package io.switchboard.checks.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.hub.Outcome;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.node.Node;
import io.switchboard.node.NodeConfig;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes that share nothing but a log on Redis. */
@Tag("component")
class RedisHistoryTest {
    private static final Topic NEWS = Topic.of("news:1");

    private RedisServer redis;
    private Node nodeA;
    private Node nodeB;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        nodeA = node("a");
        nodeB = node("b");
        for (Node node : List.of(nodeA, nodeB)) {
            node.linked().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @AfterEach
    void stop() {
        nodeA.close();
        nodeB.close();
        redis.close();
    }

    private Node node(String name) {
        NodeConfig config = NodeConfig.named(name).withNamespaces(List.of(news()));
        return Node.start(config.withLog(Logs.open(redis.uri(), config.origin())));
    }

    static Namespace news() {
        var history = new Namespace.History(
                1_000, Duration.ofMinutes(5), Namespace.Access.ANYONE, true, true, Namespace.Recovery.STREAM, false);
        return new Namespace(
                "news",
                Namespace.Access.ANYONE,
                Namespace.Access.ANYONE,
                Namespace.Scope.CLUSTER,
                Namespace.Slow.DISCONNECT,
                false,
                history,
                Namespace.Attendance.NONE);
    }

    private static Outcome outcome(Node node, String text) {
        return node.publish(NEWS, Message.text(text), Sender.NONE, Exclusion.NONE)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static Position publish(Node node, String text) {
        Position position = outcome(node, text).position();
        assertNotNull(position, text);
        return position;
    }

    private static List<String> texts(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "m" + i).toList();
    }

    private static List<String> after(String first, List<String> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }

    private static void awaitHeard(Listener listener, List<String> expected) {
        Await.until("what was published", () -> listener.heard.size() >= expected.size());
        assertEquals(expected, listener.heard);
    }

    private static Listener listening(Node node) {
        Listener listener = Listener.of(node, NEWS, null);
        Await.until("the start", () -> listener.heard.contains("start"));
        return listener;
    }

    @Test
    void bothNodesHearWhatEitherPublishesAndWhoComesBackToTheOtherMissesNothing() {
        Listener ann = listening(nodeA);
        Listener ben = listening(nodeB);
        Position since = null;
        for (int i = 1; i <= 20; i++) {
            Position position = publish(i % 2 == 0 ? nodeA : nodeB, "m" + i);
            since = i == 5 ? position : since;
        }
        awaitHeard(ann, after("start", texts(1, 20)));
        awaitHeard(ben, after("start", texts(1, 20)));
        awaitHeard(Listener.of(nodeB, NEWS, since), after("start recovered", texts(6, 20)));
        Conversation.History kept = nodeB.history(NEWS, new Conversation.HistoryQuery(3, null, true))
                .toCompletableFuture()
                .join();
        assertEquals(
                List.of("m20", "m19", "m18"),
                kept.publications().stream()
                        .map(publication -> publication.message().asText())
                        .toList());
    }

    @Test
    void whoComesWhileMuchIsPublishedMissesAndRepeatsNothing() {
        Position before = publish(nodeA, "m0");
        List<Listener> listeners = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            var ignored = nodeA.publish(NEWS, Message.text("m" + i), Sender.NONE, Exclusion.NONE);
            if (i % 10 == 0) {
                listeners.add(Listener.of(i % 20 == 0 ? nodeA : nodeB, NEWS, before));
            }
        }
        for (Listener each : listeners) {
            awaitHeard(each, after("start recovered", texts(1, 200)));
        }
    }

    @Test
    void aRestartOfRedisIsToldToWhoeverListensByPosition() {
        Listener ann = listening(nodeA);
        Listener ben = listening(nodeB);
        publish(nodeA, "m1");
        awaitHeard(ann, List.of("start", "m1"));
        awaitHeard(ben, List.of("start", "m1"));
        redis.kill9();
        Await.until("refused", () -> outcome(nodeA, "lost").remote() == Remote.REFUSED);
        redis.restart();
        Await.until(
                "the log", Duration.ofSeconds(20), () -> outcome(nodeB, "after").remote() == Remote.ACCEPTED);
        Await.until("both know", () -> ann.heard.contains("lost") && ben.heard.contains("lost"));
        assertEquals(List.of("start", "m1", "lost"), ann.heard);
        Position was = ann.began.get();
        Listener again = Listener.of(nodeA, NEWS, was);
        Await.until("an answer", () -> !again.heard.isEmpty());
        assertEquals(List.of("start"), again.heard, "not recovered");
        Position is = again.began.get();
        assertTrue(was != null && is != null);
        assertNotEquals(was.epoch(), is.epoch());
        publish(nodeA, "m2");
        awaitHeard(again, List.of("start", "m2"));
    }

    @Test
    void whatIsPublishedElsewhereWhileTheLinkIsCutIsReadAfterwards() {
        Listener ann = listening(nodeA);
        for (int round = 0; round < 5; round++) {
            try (var wire = redis.wire()) {
                // All connections but this one: the server and its data stay.
                wire.call("CLIENT", "KILL", "TYPE", "pubsub").text();
                wire.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes").text();
            }
            int number = 2 * round + 1;
            Await.until("published", () -> outcome(nodeB, "m" + number).remote() == Remote.ACCEPTED);
            publish(nodeB, "m" + (number + 1));
        }
        Await.until("all", Duration.ofSeconds(30), () -> ann.heard.contains("m10"));
        List<String> distinct = ann.heard.stream().distinct().toList();
        assertEquals(after("start", texts(1, 10)), distinct, "nothing is missing, in order");
        assertEquals(distinct.size(), ann.heard.size(), "nothing was repeated: " + ann.heard);
    }
}
