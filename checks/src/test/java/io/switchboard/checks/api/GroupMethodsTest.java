package io.switchboard.checks.api;

import static io.switchboard.checks.cluster.Inbox.hearsError;
import static io.switchboard.checks.cluster.Inbox.hearsGroup;
import static io.switchboard.checks.cluster.Inbox.toGroup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.server.Switchboard;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A group is one group for two nodes that share a Redis: whoever is told to change its list, both know. */
@Tag("component")
class GroupMethodsTest {
    private static final String DONE = "{\"result\":{}}";

    private static RedisServer redis;
    private static Switchboard nodeA;
    private static Switchboard nodeB;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        nodeA = node("a");
        nodeB = node("b");
        awaitNodes();
    }

    private static void awaitNodes() {
        for (var node : List.of(nodeA, nodeB)) {
            Await.until("it to know the lists", () -> !node.groups().isListed("nobody's"));
            Await.until(
                    "each to know the other",
                    () -> call(node, "info", "{}").matches(".*\"name\":\"a\".*\"name\":\"b\".*|.*\"b\".*\"a\".*"));
        }
    }

    @AfterAll
    static void stop() {
        closeNodes();
        redis.close();
    }

    private static void closeNodes() {
        nodeB.close();
        nodeA.close();
    }

    private static Switchboard node(String name) {
        try {
            return Switchboard.start(ConfigSources.none()
                    .withPreset("inbox-rocketmq")
                    .withSet("node.name=" + name)
                    .withSet("node.host=127.0.0.1")
                    .withSet("node.port=0")
                    .withSet("io.threads=2")
                    .withSet("api.key=secret")
                    .withSet("backplane.type=redis")
                    .withSet("backplane.format=native")
                    .withSet("backplane.uri=" + redis.uri())
                    .withSet("directory.type=redis")
                    .withSet("directory.uri=" + redis.uri())
                    .withSet("directory.lease=2s")
                    .withSet("protocols.inbox.groups=90=901 902")
                    .load());
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static String call(Switchboard node, String method, String params) {
        return new ApiClient(node.port(), "secret").call(method, params);
    }

    private static WsClient connect(Switchboard node, int user) {
        return WsClient.connect(URI.create(node.url() + "/ws/" + user));
    }

    private static String members(Switchboard node, String group) {
        return call(node, "group_members", "{\"group\":\"" + group + "\"}");
    }

    @Test
    void whatOneNodeIsToldBothKnow() {
        try (var anna = connect(nodeA, 1);
                var ben = connect(nodeB, 2);
                var stranger = connect(nodeB, 3)) {
            toGroup(anna, 77, "to everybody");
            List.of(anna, ben, stranger).forEach(all -> hearsGroup(all, 1, 77, "to everybody"));

            assertEquals(DONE, call(nodeA, "group_set", "{\"group\":\"77\",\"members\":[\"1\",\"2\"]}"));
            // At once and on the other node: it may no longer be everybody's.
            toGroup(stranger, 77, "let me in");
            hearsError(stranger);
            for (var node : List.of(nodeA, nodeB)) {
                assertEquals("{\"result\":{\"listed\":true,\"members\":[\"1\",\"2\"]}}", members(node, "77"));
                assertEquals("{\"result\":{\"groups\":[\"77\"]}}", call(node, "user_groups", "{\"user\":\"2\"}"));
            }
            awaitHeard(anna, 1, ben, 2);
            stranger.expectNothingMore();

            assertEquals(DONE, call(nodeB, "group_update", "{\"group\":\"77\",\"add\":[\"3\"],\"remove\":[\"2\"]}"));
            awaitHeard(anna, 1, stranger, 3);
            toGroup(ben, 77, "still?");
            Await.until("ben to be out", () -> {
                String heard = ben.nextText();
                return heard.startsWith("{\"content\":\"error: you are not a member of group 77\"");
            });

            assertEquals(DONE, call(nodeB, "group_remove", "{\"group\":\"77\"}"));
            toGroup(ben, 77, "everybody's again");
            hearsGroup(ben, 2, 77, "everybody's again");
        }
    }

    /** Until the one who is a member by now hears the other. */
    private static void awaitHeard(WsClient from, int user, WsClient member, int its) {
        Await.until("user " + its + " to be a member", () -> {
            toGroup(from, 77, "from " + user);
            return member.receive(java.time.Duration.ofMillis(300))
                    .filter(frame -> frame.text().contains("from " + user))
                    .isPresent();
        });
        while (member.receive(java.time.Duration.ofMillis(300)).isPresent()) {
            // What was said once more.
        }
    }

    @Test
    void listsOutliveTheNodes() {
        assertEquals(DONE, call(nodeA, "group_set", "{\"group\":\"88\",\"members\":[\"11\",\"12\"]}"));
        assertEquals(DONE, call(nodeB, "group_update", "{\"group\":\"90\",\"add\":[\"903\"]}"));
        closeNodes();
        nodeA = node("a");
        nodeB = node("b");
        awaitNodes();
        assertTrue(members(nodeB, "88").contains("[\"11\",\"12\"]"));
        // What was changed at run time, and not what the configuration begins with.
        assertTrue(members(nodeA, "90").contains("[\"901\",\"902\",\"903\"]"));
        try (var anna = connect(nodeA, 11);
                var ben = connect(nodeB, 12);
                var stranger = connect(nodeA, 13)) {
            toGroup(anna, 88, "still ours");
            hearsGroup(anna, 11, 88, "still ours");
            hearsGroup(ben, 11, 88, "still ours");
            stranger.expectNothingMore();
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (var params : List.of(
                "{}",
                "{\"group\":\"friends\",\"members\":[]}",
                "{\"group\":\"66\"}",
                "{\"group\":\"66\",\"members\":[\"ann\"]}",
                "{\"group\":\"66\",\"members\":[7]}")) {
            assertTrue(call(nodeA, "group_set", params).contains("\"code\":107"), params);
        }
        assertTrue(call(nodeA, "group_update", "{\"group\":\"66\",\"add\":[\"1\"],\"remove\":[\"1\"]}")
                .contains("both to be added and to be removed"));
        assertEquals("{\"result\":{\"listed\":false,\"members\":[]}}", members(nodeB, "66"));
    }
}
