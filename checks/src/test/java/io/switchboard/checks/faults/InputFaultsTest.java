package io.switchboard.checks.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.RefusedException;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.cluster.ChatClient;
import io.switchboard.checks.cluster.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published chat programs do wrong with what comes in, from clients and from the broker, and this one does
 * not: N1, N2, N7, N12, G1, G10, G11.
 */
@Tag("component")
@Tag("node")
class InputFaultsTest {
    /** Nothing a client of /chat/channel could mean. */
    private static final List<String> NO_COMMANDS = List.of(
            "",
            "hello, this is not JSON",
            "{}",
            "null",
            "[]",
            "42",
            "\"text\"",
            "{\"Method\":\"All\",\"MsgBody\":\"cut",
            "{\"Method\":\"All\",\"MsgBody\":\"x\"} and more",
            "{\"Method\":\"All\",\"MsgBody\":null}",
            "{\"Method\":[\"All\"],\"MsgBody\":\"x\"}",
            "{\"Method\":\"One\"}",
            "{\"Method\":\"One\",\"MsgBody\":null}",
            "{\"Method\":\"One\",\"MsgBody\":\"not an object\"}",
            "{\"Method\":\"One\",\"MsgBody\":{\"Msg\":\"for whom?\"}}",
            "{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"\",\"Msg\":\"for nobody\"}}",
            "{\"Method\":\"One\",\"MsgBody\":{\"Id\":{},\"Msg\":\"x\"}}",
            "{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"2\"}}",
            "{\"Method\":\"UserGroup\"}",
            "{\"Method\":\"UserGroup\",\"Group\":\"\"}",
            "{\"Method\":\"Group\",\"MsgBody\":\"to which?\"}",
            "{\"Method\":\"Group\",\"Group\":\"g1\"}",
            "{\"Method\":\"Group\",\"Group\":\"g1\",\"MsgBody\":null}",
            "{\"Id\":\"2\",\"Msg\":\"as one says at /chat/user\"}",
            "[".repeat(5_000));

    /** Nothing a node could mean on any channel. */
    private static final List<String> NO_PUBLICATIONS = List.of(
            "",
            "hello, this is not JSON",
            "{",
            "{}",
            "null",
            "[]",
            "\"text\"",
            "{\"FromId\":\"1\"}",
            "{\"Msg\":\"from whom?\"}",
            "{\"FromId\":null,\"ToId\":null,\"Msg\":null}",
            "{\"FromId\":{},\"ToId\":\"1\",\"Msg\":\"x\"}",
            "{\"FromId\":\"1\",\"ToId\":\"1\",\"Msg\":{\"an\":\"object\"}}",
            "[".repeat(5_000));

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start();

    @Test
    void n1LongMessagesArriveWhole() {
        var anna = CLUSTER.onA("/chat/channel/n1-anna");
        var ben = CLUSTER.onB("/chat/channel/n1-ben");
        var cleo = CLUSTER.onA("/chat/group/n1/cleo");
        var dora = CLUSTER.onB("/chat/group/n1/dora");
        for (int shift = 0; shift < 3; shift++) {
            var text = "x".repeat(shift) + "张".repeat(40_000);
            anna.sayTo("n1-ben", text);
            ben.hearsOne("n1-anna", text);
            cleo.send(text);
            dora.hearsGroup("n1", "cleo", text);
            anna.sendInPieces(Chat.all(text), 4_096);
            ben.hearsAll("n1-anna", text);
            cleo.sendInPieces(text, 1_000 + shift);
            dora.hearsGroup("n1", "cleo", text);
        }
        CLUSTER.verifyNothingMore(anna, ben, cleo, dora);
    }

    @Test
    void n2WhatIsNoCommandIsAnsweredAndTheConnectionGoesOn() {
        var anna = CLUSTER.onA("/chat/channel/n2-anna");
        var cleo = CLUSTER.onA("/chat/user/n2-cleo");
        var ben = CLUSTER.onB("/chat/channel/n2-ben");
        for (var text : NO_COMMANDS) {
            anna.send(text);
            anna.hearsError();
        }
        for (var text : List.of("", "x", "{}", "[]", "{\"Id\":\"n2-ben\"}", "{\"Msg\":\"x\"}", Chat.all("x"))) {
            cleo.send(text);
            cleo.hearsError();
        }
        anna.sayTo("n2-ben", "still here");
        ben.hearsOne("n2-anna", "still here");
        cleo.send(Chat.direct("n2-ben", "me too"));
        ben.hearsOne("n2-cleo", "me too");
        CLUSTER.verifyNothingMore(anna, ben, cleo);

        anna.leave();
        cleo.leave();
        CLUSTER.awaitSubscribers("user:n2-anna", 0);
        CLUSTER.awaitSubscribers("user:n2-cleo", 0);
        Cluster.awaitSessions(CLUSTER.nodeA(), 0);
    }

    @Test
    void n7GarbageOnTheChannelsOfUsersAndGroupsIsHarmless() {
        var anna = CLUSTER.onA("/chat/channel/n7-anna").join("n7");
        var ben = CLUSTER.onB("/chat/channel/n7-ben").join("n7");
        anna.hearsNotice("n7-ben", "n7");
        double garbage = CLUSTER.nodeB().metric("switchboard_backplane_garbage_total");

        for (var channel : List.of("user:n7-ben", "group:n7")) {
            for (var payload : NO_PUBLICATIONS) {
                assertTrue(CLUSTER.publish(channel, payload) > 0, () -> "nobody listens to " + channel);
            }
            CLUSTER.publish(channel, "{\"FromId\":\"1\",\"Msg\":\"to whom?\"}");
            CLUSTER.publish(channel, "{\"FromId\":\"1\",\"ToId\":null,\"Msg\":\"to null\"}");
            CLUSTER.publish(channel, "{\"FromId\":\"1\",\"ToId\":\"\",\"Msg\":\"to the empty one\"}");
            CLUSTER.publish(channel, "{\"FromId\":\"1\",\"ToId\":\"nobody here\",\"Msg\":\"to nobody\"}");
        }
        CLUSTER.publish("user:n7-ben", Chat.wire("user:n7-ben", "9", "a good one"));
        ben.hearsOne("9", "a good one");
        CLUSTER.verifyNothingMore(anna, ben);
        double more = CLUSTER.nodeB().metric("switchboard_backplane_garbage_total") - garbage;
        assertTrue(more >= 2 * NO_PUBLICATIONS.size(), () -> "only " + more + " were counted as garbage");
    }

    @Test
    void n12TextsArriveAsTheyWereSaid() {
        var anna = CLUSTER.onA("/chat/channel/n12-anna").join("n12");
        var ben = CLUSTER.onB("/chat/channel/n12-ben").join("n12");
        anna.hearsNotice("n12-ben", "n12");
        var texts = List.of(
                "2022-11-08T04:44:17.200Z",
                "2022-11-08",
                "11/08/2022 04:44:17",
                "/Date(1224043200000)/",
                "007",
                "1E5",
                "null",
                "true",
                "  spaces around  ",
                "<b>&amp;</b>",
                "\u2028\u2029\u0085",
                "{\"as\": \"text\"}",
                "two\nlines");
        for (var text : texts) {
            anna.sayTo("n12-ben", text);
            ben.hearsOne("n12-anna", text);
            anna.sayToGroup("n12", text);
            ben.hearsGroup("n12", "n12-anna", text);
            anna.sayToAll(text);
            ben.hearsAll("n12-anna", text);
        }
        anna.send("{\"Method\":\"All\",\"MsgBody\":{ \"a\" : 1,\n  \"b\": [1, 2]}}");
        ben.hearsAll("n12-anna", "{\"a\":1,\"b\":[1,2]}");
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void n12WhoLeavesTheSmallEndpointsIsForgottenThere() {
        var left = new ArrayList<WsClient>();
        for (int i = 0; i < 10; i++) {
            left.add(WsClient.connect(CLUSTER.nodeA().uri("/chat?id=n12-" + i)));
            left.add(WsClient.connect(CLUSTER.nodeA().uri("/chat/all/n12-" + i)));
        }
        var stays = CLUSTER.onA("/chat/all/n12-stays");
        Cluster.awaitSessions(CLUSTER.nodeA(), left.size() + 1);
        for (int i = 0; i < left.size(); i++) {
            if (i % 4 < 2) {
                left.get(i).leave();
            } else {
                left.get(i).abort();
            }
        }
        Cluster.awaitSessions(CLUSTER.nodeA(), 1);
        var ben = CLUSTER.onB("/chat/all/n12-ben");
        ben.send("still there?");
        stays.hearsAll("n12-ben", "still there?");
        CLUSTER.verifyNothingMore(stays, ben);
    }

    @Test
    void g1NoInputEndsTheProcess() {
        var pids = CLUSTER.nodes().stream().map(node -> node.pid()).toList();
        for (var client : List.of(CLUSTER.onA("/chat/channel/g1"), CLUSTER.onB("/chat/channel/g1"))) {
            NO_COMMANDS.forEach(client::send);
            NO_COMMANDS.forEach(text -> client.hearsError());
            client.sendInPieces(Chat.one("g1", "in pieces"), 5);
            client.hearsOne("g1", "in pieces");
            client.send("{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"g1\",\"Msg\":{\"an\":\"object\"}}}");
            client.hearsError();
            client.connection().send(Frame.binary(new byte[] {(byte) 0xFF, (byte) 0xFE, 0}));
            client.hearsError();
            client.connection().expectNothingMore();
        }
        CLUSTER.verifyNodesLive();
        assertEquals(pids, CLUSTER.nodes().stream().map(node -> node.pid()).toList());
    }

    @Test
    void g10GarbageForEveryoneIsHeardByNobody() {
        var anna = CLUSTER.onA("/chat/channel/g10-anna");
        var ben = CLUSTER.onB("/chat/all/g10-ben");
        for (var payload : NO_PUBLICATIONS) {
            assertEquals(2, CLUSTER.publish("all", payload), "nodes that listen to all");
        }
        CLUSTER.verifyNothingMore(anna, ben);
    }

    @Test
    void g11CloseIsAnsweredWithACloseFrame() {
        var anna = CLUSTER.onA("/chat/channel/g11-anna");
        anna.connection().send(Frame.close(1000, "bye"));
        assertEquals("bye", anna.connection().awaitClose(1000));
        anna.connection().awaitEnd();

        var ben = CLUSTER.onB("/chat/user/g11-ben");
        ben.connection().send(Frame.close());
        assertEquals(Frame.CLOSE, ben.connection().receive().opcode());
        ben.connection().awaitEnd();

        var cleo = CLUSTER.onB("/chat/all/g11-cleo");
        cleo.connection().send(Frame.close(4321, "for reasons of my own"));
        cleo.awaitClose(4321);
    }

    @Test
    void g11AnyOriginOrNoneMayConnect() {
        var request = Handshake.to(CLUSTER.nodeA().uri("/chat/channel/g11-origin"));
        for (var asked : List.of(
                request,
                request.with("Origin", "null"),
                request.with("Origin", "http://evil.example"),
                request.with("Origin", "https://good.example:8443"))) {
            WsClient.connect(asked).leave();
        }
    }

    @Test
    void g11IdsAreDecodedAndTheQueryIsNoPartOfThem() {
        var zhang = CLUSTER.onA("/chat/channel/%E5%BC%A0");
        var ben = CLUSTER.onB("/chat/channel/g11%20ben%2F1");
        assertEquals("g11 ben/1", ben.user());
        ben.sayTo("张", "ni hao");
        zhang.hearsOne("g11 ben/1", "ni hao");
        zhang.sayTo("g11 ben/1", "hello");
        ben.hearsOne("张", "hello");
        try (var queried = WsClient.connect(CLUSTER.nodeA().uri("/chat/channel/g11-queried?token=1"))) {
            ben.sayTo("g11-queried", "found");
            queried.awaitText(Chat.heardOne("g11 ben/1", "found"));
        }
        CLUSTER.verifyNothingMore(zhang, ben);
    }

    @Test
    void g11EmptyIdIsRefused() {
        for (var path :
                List.of("/chat/channel/", "/chat/user/", "/chat/all/", "/chat/group//g11", "/chat/group/g11/")) {
            var refused = assertThrows(
                    RefusedException.class,
                    () -> WsClient.connect(CLUSTER.nodeA().uri(path)),
                    path);
            int status = refused.answer().status();
            assertTrue(status == 400 || status == 404, () -> path + " was answered with " + status);
        }
        assertEquals(0, CLUSTER.subscribers("user:"));
        assertEquals(0, CLUSTER.subscribers("group:"));
    }

    @Test
    void g11GroupWithoutBodyHurtsNobodyAndLeavesNothing() {
        var anna = CLUSTER.onA("/chat/channel/g11-anna").join("g11");
        anna.send("{\"Method\":\"Group\",\"Group\":\"g11\"}");
        anna.hearsError();
        anna.sayToGroup("g11", "nobody else is here");
        CLUSTER.verifyNothingMore(anna);
        anna.leave();
        CLUSTER.awaitSubscribers("user:g11-anna", 0);
        CLUSTER.awaitSubscribers("group:g11", 0);
    }

    @Test
    void g11WhoIsToldThatHeJoinedMissesNothing() {
        for (int round = 0; round < 30; round++) {
            var user = "g11-" + round;
            ChatClient anna = CLUSTER.onA("/chat/channel/" + user);
            assertEquals(1, CLUSTER.publish("user:" + user, Chat.wire("user:" + user, "9", "at once")));
            anna.hearsOne("9", "at once");
            var group = "g11-group-" + round;
            anna.join(group);
            assertEquals(1, CLUSTER.publish("group:" + group, Chat.wire("group:" + group, "9", "at once")));
            anna.hearsGroup(group, "9", "at once");
        }
    }

    @Test
    void inputThatIsNotUtf8EndsItsSenderOnly() {
        var anna = CLUSTER.onA("/chat/channel/utf8-anna");
        var ben = CLUSTER.onA("/chat/channel/utf8-ben");
        anna.connection().send(Frame.of(Frame.TEXT, "\u00e9".getBytes(StandardCharsets.ISO_8859_1)));
        anna.awaitClose(1007);
        ben.sayTo("utf8-ben", "untouched");
        ben.hearsOne("utf8-ben", "untouched");
    }
}
