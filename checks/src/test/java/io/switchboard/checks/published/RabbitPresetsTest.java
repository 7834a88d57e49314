package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.checks.components.RabbitTap;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What only shows between two node processes on a real RabbitMQ, with identities in a real Redis: M6, M8, M12 of the
 * published sign program, and what becomes of a node that is killed.
 */
@Tag("component")
@Tag("node")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RabbitPresetsTest {
    private static final String EXCHANGE = "saas.reltimewsmes.exchange";
    private static final String KEY = "T_7_3_tenant_1";
    private static final String TO_7 = "identity=" + KEY;
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration QUEUES = Duration.ofSeconds(3);
    private static RabbitServer rabbit;
    private static RedisServer store;
    private static RabbitPair nodes;

    @BeforeAll
    static void start() {
        rabbit = RabbitServer.start();
        store = RedisServer.start();
        nodes = RabbitPair.start(
                rabbit,
                store,
                "sign-rabbitmq",
                settings -> settings.with("backplane.queue_expires", QUEUES.toSeconds() + "s")
                        .with("directory.lease", LEASE.toSeconds() + "s"));
    }

    @AfterAll
    static void stop() {
        nodes.close();
        store.close();
        rabbit.close();
    }

    private static void bind7(WsClient client) {
        client.sendText("{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"bankId\":null,\"fromeType\":1}}");
        client.expectNothingMore();
    }

    private static void hears(WsClient client, String data) {
        var heard = client.nextText();
        assertTrue(heard.endsWith("\"DataInfo\":" + data + "}"), heard);
    }

    private static int local(NodeProcess from, String to, String data) {
        var answer = RabbitPair.push(from, to, data).body();
        return Integer.parseInt(answer.replaceFirst("\\{\"local\":(\\d+),.*", "$1"));
    }

    /** The sign that programs beside us find in Redis; empty if none. */
    private static String signOf7() {
        try (var wire = store.wire()) {
            return wire.call("GET", KEY) instanceof Reply.Bulk there ? there.text() : "";
        }
    }

    @Test
    @Order(1)
    void m6PublishersAndSubscribersShareOneExchange() {
        try (var tap = RabbitTap.on(rabbit, EXCHANGE);
                var anna = nodes.onA("/?sign=m6")) {
            RabbitPair.push(nodes.nodeB(), "sign=m6", "\"from B\"");
            hears(anna, "\"from B\"");
            Await.until("the stranger to hear it", () -> tap.seen().size() == 1);
            assertEquals(EXCHANGE, tap.seen().getFirst().exchange());
            // What another program publishes there arrives.
            tap.publish(EXCHANGE, null, "{\"conId\":\"m6\",\"data\":{\"Type\":2,\"DataInfo\":\"from outside\"}}");
            hears(anna, "\"from outside\"");
            anna.expectNothingMore();
        }
        var exchanges = rabbit.control("list_exchanges", "name");
        assertTrue(exchanges.lines().noneMatch("reltimewsmes.exchange"::equals), exchanges);
    }

    @Test
    @Order(2)
    void m8IdentityIsTheNewestConnectionsOnWhicheverNode() {
        var old = nodes.onA("/?sign=m8-old");
        bind7(old);
        assertEquals("m8-old", signOf7());
        RabbitPair.push(nodes.nodeB(), TO_7, "1");
        hears(old, "1");
        try (var successor = nodes.onB("/?sign=m8-new")) {
            bind7(successor);
            assertEquals("m8-new", signOf7());
            // The one before stays connected and hears it no more, as soon as its node has been told.
            Await.until("node A to have let it go", () -> {
                int here = local(nodes.nodeA(), TO_7, "2");
                hears(successor, "2");
                return here == 0;
            });
            old.sendText("still connected");
            Await.until("old to hear of its mistake", () -> old.nextText().startsWith("error: "));
            old.expectNothingMore();
            // Its late end takes nothing away, in Redis either.
            old.leave();
            RabbitPair.push(nodes.nodeA(), TO_7, "3");
            hears(successor, "3");
            assertEquals("m8-new", signOf7());
            try (var wire = store.wire()) {
                assertTrue(wire.call("TTL", KEY).number() > 43_000, "twelve hours, written with the key");
            }
        }
        Await.until("the key to go with its connection", () -> signOf7().isEmpty());
    }

    /** Both bind again and again, here and there: in the end there is one, and everybody agrees which. */
    @Test
    @Order(3)
    void manyRebindingsEndWithOneListener() {
        try (var anna = nodes.onA("/?sign=re-a");
                var ben = nodes.onB("/?sign=re-b")) {
            for (int i = 0; i < 50; i++) {
                anna.sendText("{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"fromeType\":1}}");
                ben.sendText("{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"fromeType\":1}}");
            }
            anna.expectNothingMore();
            ben.expectNothingMore();
            var listeners = List.of(nodes.nodeA(), nodes.nodeB());
            Await.until(
                    "one node with a listener",
                    () -> listeners.stream()
                            .mapToInt(node -> local(node, TO_7, "0"))
                            .sum(),
                    sum -> sum == 1);
            var expected = local(nodes.nodeA(), TO_7, "0") == 1 ? "re-a" : "re-b";
            assertEquals(expected, signOf7());
        }
    }

    @Test
    @Order(5)
    void killedNodeLeavesNothingBehind() {
        var lost = nodes.onB("/?sign=lost");
        bind7(lost);
        assertEquals("lost", signOf7());
        assertEquals(1, queues("sign-rabbitmq.B").size());
        nodes.nodeB().kill9();
        long killed = System.nanoTime();
        // At once: its user binds its identity elsewhere and is heard there.
        try (var back = nodes.onA("/?sign=back")) {
            bind7(back);
            assertTrue(System.nanoTime() - killed < LEASE.toNanos(), "at once");
            assertEquals(1, local(nodes.nodeA(), TO_7, "1"));
            hears(back, "1");
            assertEquals("back", signOf7());
        }
        Await.until(
                "its lease to lapse",
                LEASE.plusSeconds(3),
                () -> nodes.nodeA().metric("switchboard_directory_nodes"),
                count -> count == 0);
        Await.until("its queue to be gone", QUEUES.plusSeconds(5), () -> queues("sign-rabbitmq.B"), List::isEmpty);
    }

    @Test
    @Order(6)
    void keysOfAKilledNodeGoWithItsLease() {
        nodes.startAgainB();
        nodes.awaitLinks(true);
        Await.until("A to see B", () -> nodes.nodeA().metric("switchboard_directory_nodes") == 1);
        bind7(nodes.onB("/?sign=lost-again"));
        assertEquals("lost-again", signOf7());
        nodes.nodeB().kill9();
        Await.until("its key to be gone", LEASE.plusSeconds(5), RabbitPresetsTest::signOf7, String::isEmpty);
        try (var wire = store.wire()) {
            Await.until(
                    "its list of keys to be gone",
                    () -> wire.call("KEYS", "sign-rabbitmq:published:*").items(),
                    List::isEmpty);
        }
    }

    /** The last one: it leaves the broker stopped. */
    @Test
    @Order(7)
    void m12WhatBecomesOfAPushIsKnownAlsoWithoutTheBroker() {
        nodes.startAgainB();
        nodes.awaitLinks(true);
        try (var anna = nodes.onA("/?sign=m12");
                var ben = nodes.onB("/?sign=m12-b")) {
            assertEquals(
                    "{\"local\":0,\"remote\":\"accepted\"}",
                    RabbitPair.push(nodes.nodeA(), "sign=m12-b", "0").body());
            hears(ben, "0");
            rabbit.stop();
            nodes.awaitLinks(false);
            assertEquals(
                    "{\"local\":1,\"remote\":\"accepted\"}",
                    RabbitPair.push(nodes.nodeA(), "sign=m12", "1").body());
            hears(anna, "1");
            assertEquals(
                    "{\"local\":0,\"remote\":\"refused\"}",
                    RabbitPair.push(nodes.nodeA(), "sign=m12-b", "2").body());
            ben.expectNothingMore();
        }
        nodes.verifyLive();
    }

    private static List<String> queues(String prefix) {
        return rabbit.control("list_queues", "name")
                .lines()
                .filter(name -> name.startsWith(prefix) && !name.endsWith(".sender"))
                .toList();
    }
}
