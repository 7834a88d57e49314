package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.RedisWire;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes of ours in one cluster with a published .NET or Go node, which is played by a bare connection to Redis that
 * subscribes as they do and writes the very bytes that they write.
 */
@Tag("component")
@Tag("node")
class InteropTest {
    private static final String SAID = "<b>&\u2028 你好 \"q\" 😀";

    /** Json.NET leaves markup alone and escapes line separators. */
    private static final String BY_DOTNET = "<b>&\\u2028 你好 \\\"q\\\" 😀";

    /** encoding/json escapes both. */
    private static final String BY_GO = "\\u003cb\\u003e\\u0026\\u2028 你好 \\\"q\\\" 😀";

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start();

    @Test
    void foreignNodeHearsEachMessageOnceInItsOwnBytes() {
        var anna = CLUSTER.onA("/chat/channel/anna").join("mixed-1");
        var ben = CLUSTER.onB("/chat/group/mixed-1/ben");
        try (var foreign = foreignNode("user:foreign", "group:mixed-1", "all")) {
            anna.sayTo("foreign", SAID);
            assertHears(
                    foreign,
                    "user:foreign",
                    "{\"FromId\":\"anna\",\"ToId\":\"foreign\",\"Msg\":\"" + BY_DOTNET + "\"}");
            anna.sayToGroup("mixed-1", SAID);
            assertHears(
                    foreign,
                    "group:mixed-1",
                    "{\"FromId\":\"anna\",\"ToId\":\"mixed-1\",\"Msg\":\"" + BY_DOTNET + "\"}");
            ben.hearsGroup("mixed-1", "anna", SAID);
            anna.sayToAll(SAID);
            assertHears(foreign, "all", "{\"FromId\":\"anna\",\"ToId\":null,\"Msg\":\"" + BY_DOTNET + "\"}");
            CLUSTER.onB("/chat/channel/cleo").join("mixed-1");
            var notice = "user 【cleo】 add  to group 【mixed-1】";
            assertHears(
                    foreign, "group:mixed-1", "{\"FromId\":\"cleo\",\"ToId\":\"mixed-1\",\"Msg\":\"" + notice + "\"}");
            for (int i = 0; i < 50; i++) {
                anna.sayTo("foreign", "number " + i);
            }
            for (int i = 0; i < 50; i++) {
                assertHears(foreign, "user:foreign", Chat.wire("user:foreign", "anna", "number " + i));
            }
            assertHearsNothingMore(foreign);
        }
    }

    @Test
    void foreignNodesAreHeardOnceInWhateverBytesTheyWrite() {
        var anna = CLUSTER.onA("/chat/channel/anna").join("mixed-2");
        var ben = CLUSTER.onB("/chat/channel/ben").join("mixed-2");
        anna.hearsNotice("ben", "mixed-2");
        try (var foreign = CLUSTER.redis().wire()) {
            for (var text : List.of(BY_DOTNET, BY_GO)) {
                foreign.publish("user:anna", "{\"FromId\":\"f\",\"ToId\":\"anna\",\"Msg\":\"" + text + "\"}");
                anna.hearsOne("f", SAID);
                foreign.publish("group:mixed-2", "{\"FromId\":\"f\",\"ToId\":\"mixed-2\",\"Msg\":\"" + text + "\"}");
                anna.hearsGroup("mixed-2", "f", SAID);
                ben.hearsGroup("mixed-2", "f", SAID);
            }
            foreign.publish("all", "{\"FromId\":\"f\",\"ToId\":null,\"Msg\":\"from .NET\"}");
            foreign.publish("all", "{\"FromId\":\"f\",\"ToId\":\"\",\"Msg\":\"from Go\"}");
            foreign.publish("user:ben", "{\"fromid\":\"f\",\"TOID\":\"ben\",\"msg\":\"in any case\",\"Ts\":1}");
            foreign.publish("user:ben", "{\"Msg\":\"in any order\",\"ToId\":\"ben\",\"FromId\":\"f\"}");
            for (var client : List.of(anna, ben)) {
                client.hearsAll("f", "from .NET");
                client.hearsAll("f", "from Go");
            }
            ben.hearsOne("f", "in any case");
            ben.hearsOne("f", "in any order");
            CLUSTER.verifyNothingMore(anna, ben);
        }
    }

    @Test
    void whoSpeaksOnAForeignNodeDoesNotHearHimselfOnOurs() {
        var anna = CLUSTER.onA("/chat/channel/anna").join("mixed-3");
        var annasPhone = CLUSTER.onA("/chat/group/mixed-3/anna");
        var ben = CLUSTER.onB("/chat/channel/ben").join("mixed-3");
        anna.hearsNotice("ben", "mixed-3");
        annasPhone.hearsNotice("ben", "mixed-3");
        // Enough others beside her that some share a loop with her.
        var others = IntStream.range(0, 6)
                .mapToObj(i -> CLUSTER.onA("/chat/group/mixed-3/other" + i))
                .toList();
        try (var foreign = CLUSTER.redis().wire()) {
            foreign.publish("all", "{\"FromId\":\"anna\",\"ToId\":null,\"Msg\":\"it is me\"}");
            ben.hearsAll("anna", "it is me");
            for (int i = 0; i < 10; i++) {
                foreign.publish("group:mixed-3", Chat.wire("group:mixed-3", "anna", "me again " + i));
                foreign.publish("group:mixed-3", Chat.wire("group:mixed-3", "f", "and I " + i));
            }
            for (int i = 0; i < 10; i++) {
                for (var other : others) {
                    other.hearsGroup("mixed-3", "anna", "me again " + i);
                    other.hearsGroup("mixed-3", "f", "and I " + i);
                }
                anna.hearsGroup("mixed-3", "f", "and I " + i);
                annasPhone.hearsGroup("mixed-3", "f", "and I " + i);
            }
            foreign.publish("user:anna", "{\"FromId\":\"anna\",\"ToId\":\"anna\",\"Msg\":\"a note to myself\"}");
            anna.hearsOne("anna", "a note to myself");
            CLUSTER.verifyNothingMore(anna, annasPhone);
        }
    }

    @Test
    void nodeSubscribesEachChannelOnceHoweverManyListen() {
        CLUSTER.awaitSubscribers("all", 0);
        var anna = CLUSTER.onA("/chat/channel/anna").join("counted");
        var ben = CLUSTER.onA("/chat/channel/ben").join("counted");
        var cleo = CLUSTER.onA("/chat/all/cleo");
        anna.hearsNotice("ben", "counted");
        assertEquals(1, CLUSTER.subscribers("user:anna"));
        assertEquals(1, CLUSTER.subscribers("group:counted"));
        assertEquals(1, CLUSTER.subscribers("all"));
        assertEquals(0, CLUSTER.subscribers("user:cleo"), "who is at /chat/all hears no messages to one");
        CLUSTER.verifyNothingMore(anna, ben, cleo);
    }

    @Test
    void conversationWithAForeignNodeKeepsItsOrder() {
        ChatClient anna = CLUSTER.onA("/chat/channel/anna");
        try (var foreign = foreignNode("user:foreign");
                var speaking = CLUSTER.redis().wire()) {
            var expected = new ArrayList<String>();
            for (int i = 0; i < 200; i++) {
                speaking.send("PUBLISH", "user:anna", Chat.wire("user:anna", "foreign", "question " + i));
                anna.sayTo("foreign", "answer " + i);
                expected.add(Chat.wire("user:foreign", "anna", "answer " + i));
            }
            for (int i = 0; i < 200; i++) {
                anna.hearsOne("foreign", "question " + i);
                assertHears(foreign, "user:foreign", expected.get(i));
            }
            assertHearsNothingMore(foreign);
            CLUSTER.verifyNothingMore(anna);
        }
    }

    private static RedisWire foreignNode(String... channels) {
        var wire = CLUSTER.redis().wire();
        for (var channel : channels) {
            assertEquals(
                    "subscribe",
                    wire.call("SUBSCRIBE", channel).items().getFirst().text());
        }
        return wire;
    }

    /** The published bytes; members may follow those that are published. */
    private static void assertHears(RedisWire foreign, String channel, String payload) {
        var message = foreign.read().items();
        assertEquals("message", message.get(0).text());
        assertEquals(channel, message.get(1).text());
        var heard = message.get(2).text();
        boolean extended = heard.startsWith(payload.substring(0, payload.length() - 1) + ",\"");
        assertTrue(heard.equals(payload) || extended, () -> "expected " + payload + " but heard " + heard);
    }

    private static void assertHearsNothingMore(RedisWire foreign) {
        foreign.send("PING");
        assertEquals("pong", foreign.read().items().getFirst().text());
    }
}
