package io.switchboard.checks.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.directory.Directory;
import io.switchboard.directory.DirectoryProvider;
import io.switchboard.directory.Presence;
import io.switchboard.directory.PublishedKeys;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.server.Switchboard;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API on two nodes that share a Redis, and only that. */
@Tag("component")
class RedisApiTest {
    private static final String PATH = "/connection/websocket";

    private static RedisServer redis;
    private static Switchboard nodeA;
    private static Switchboard nodeB;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        nodeA = node("a");
        nodeB = node("b");
        Await.until(
                "each to know the other",
                () -> call(nodeA, "info", "{}").contains("\"name\":\"b\"")
                        && call(nodeB, "info", "{}").contains("\"name\":\"a\""));
    }

    @AfterAll
    static void stop() {
        nodeB.close();
        nodeA.close();
        redis.close();
    }

    private static Switchboard node(String name) {
        try {
            return Switchboard.start(ConfigSources.none()
                    .withPreset("conformance")
                    .withSet("node.name=" + name)
                    .withSet("node.port=0")
                    .withSet("io.threads=2")
                    .withSet("backplane.type=redis")
                    .withSet("backplane.uri=" + redis.uri())
                    .withSet("directory.type=redis")
                    .withSet("directory.lease=2s")
                    .withSet("log.type=redis")
                    .withSet("namespaces=seen subscribe=anyone presence=true join_leave=true")
                    .load());
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static String call(Switchboard node, String method, String params) {
        return new ApiClient(node.port(), "test-api-key").call(method, params);
    }

    private static WsClient connect(Switchboard node) {
        return WsClient.connect(URI.create(node.url() + PATH));
    }

    /** Connected; the id of its session is in the answer. */
    private static String hello(WsClient client) {
        client.sendText("{\"id\":1,\"connect\":{}}");
        return client.nextText().replaceAll(".*\"client\":\"([^\"]*)\".*", "$1");
    }

    /** After whatever else it is told. */
    private static void awaitClose(WsClient client) {
        Frame frame = client.receive();
        while (frame.opcode() == Frame.TEXT) {
            frame = client.receive();
        }
        assertEquals(3503, frame.closeCode());
    }

    private static void awaitCount(Switchboard node, int sessions) {
        Await.until(
                sessions + " sessions",
                () -> call(node, "presence_stats", "{\"channel\":\"seen:room\"}")
                        .contains("\"num_clients\":" + sessions + ","));
    }

    @Test
    void clientsOfTheOtherNodeAreSeenMovedAndClosed() {
        try (var one = connect(nodeA);
                var two = connect(nodeB)) {
            String ann = hello(one);
            String ben = hello(two);
            String done = "{\"result\":{\"sessions\":1,\"nodes\":1,\"silent\":0}}";
            assertEquals(done, call(nodeB, "subscribe", "{\"client\":\"" + ann + "\",\"channel\":\"seen:room\"}"));
            assertEquals(done, call(nodeA, "subscribe", "{\"client\":\"" + ben + "\",\"channel\":\"seen:room\"}"));
            awaitCount(nodeA, 2);
            awaitCount(nodeB, 2);
            assertTrue(call(nodeA, "presence", "{\"channel\":\"seen:room\"}").contains("\"" + ben + "\":{"));
            assertTrue(call(nodeA, "channels", "{\"pattern\":\"seen:room\"}")
                    .contains("\"seen:room\":{\"num_clients\":2}"));
            assertEquals(done, call(nodeA, "unsubscribe", "{\"client\":\"" + ben + "\",\"channel\":\"seen:room\"}"));
            awaitCount(nodeB, 1);
            assertEquals(done, call(nodeA, "disconnect", "{\"client\":\"" + ben + "\"}"));
            awaitClose(two);
            assertEquals(done, call(nodeB, "disconnect", "{\"client\":\"" + ann + "\"}"));
            awaitClose(one);
        }
        awaitCount(nodeA, 0);
    }

    /** A node that enters somebody, and is never heard of again. */
    @Test
    void whoWasOnANodeThatDiedIsGoneWithinItsLease() {
        var dead = new Origin("dead", 0x1234_5678L);
        Directory directory = ServiceLoader.load(DirectoryProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("redis"))
                .findFirst()
                .orElseThrow()
                .open(new DirectoryProvider.Settings(
                        redis.uri(), "switchboard", dead, List.of(), Map.of(), PublishedKeys.NONE));
        try (directory) {
            Await.until("the link", () -> {
                directory.beat(dead, 1, Set.of()).toCompletableFuture().join();
                return true;
            });
            directory
                    .presence(dead)
                    .enter(Topic.of("seen:ghosts"), new Presence.Entry("ghost", "ann", null, null))
                    .toCompletableFuture()
                    .join();
            String ghosts = "{\"channel\":\"seen:ghosts\"}";
            assertTrue(call(nodeA, "presence", ghosts).contains("\"ghost\":{"));
            long before = System.nanoTime();
            Await.until("nobody", () -> call(nodeA, "presence_stats", ghosts).contains("\"num_clients\":0,"));
            assertTrue(System.nanoTime() - before < 5_000_000_000L, "within two leases, and a beat");
            assertEquals("{\"result\":{\"presence\":{}}}", call(nodeA, "presence", ghosts));
        }
    }

    @Test
    void aStoreThatLostItsDataIsToldAgain() {
        try (var two = connect(nodeB)) {
            String ben = hello(two);
            call(nodeA, "subscribe", "{\"client\":\"" + ben + "\",\"channel\":\"seen:kept\"}");
            String kept = "{\"channel\":\"seen:kept\"}";
            Await.until("one", () -> call(nodeA, "presence_stats", kept).contains("\"num_clients\":1,"));
            try (var wire = redis.wire()) {
                wire.call("FLUSHALL").text();
            }
            assertTrue(call(nodeA, "presence_stats", kept).contains("\"num_clients\":"));
            Await.until(
                    "one again",
                    () -> call(nodeA, "presence_stats", kept),
                    answer -> answer.contains("\"num_clients\":1,"));
        }
    }
}
