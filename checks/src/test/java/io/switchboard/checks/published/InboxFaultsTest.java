package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.server.CannotRunException;
import io.switchboard.server.Switchboard;
import io.switchboard.server.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published inbox program does wrong, and this one does not, as far as one node or two in one process show it:
 * D1, D3, D5, D6, D7, D8, D9, D10, D11, D12.
 */
class InboxFaultsTest {
    private static final String KICKED = "在别处上线了，请在新的设备上查看消息！";
    private static final int MANY = 500;

    @RegisterExtension
    static final TwoNodes NODES = TwoNodes.start("inbox-rocketmq", "api.key=secret");

    private static void send(WsClient client, int type, long to, String content) {
        client.sendText("{\"msgType\":" + type + ",\"to\":" + to + ",\"content\":\"" + content + "\"}");
    }

    private static void hears(WsClient client, int type, long from, long to, String content) {
        var heard = client.nextText();
        assertTrue(
                heard.matches("\\{\"content\":\"" + content + "\",\"fromUserId\":" + from + ",\"msgType\":" + type
                        + ",\"time\":\\d{13},\"toUserId\":" + to + "}"),
                heard);
    }

    @Test
    void d1WhoIsKickedTakesNothingFromTheSuccessor() {
        try (var anna = NODES.onB("/ws/101")) {
            for (int round = 0; round < 3; round++) {
                var old = NODES.onA("/ws/102");
                var successor = NODES.onA("/ws/102");
                old.awaitText(KICKED);
                old.awaitClose(4001);
                // The late end of the old one: published, it takes the key away from the new one.
                old.send(Frame.close(4001, ""));
                old.awaitEnd();
                send(anna, 10, 102, "are you there?");
                hears(successor, 10, 101, 102, "are you there\\?");
                successor.expectNothingMore();
                successor.leave();
            }
        }
    }

    @Test
    void d3NothingStaysOfThoseWhoLeft() {
        long before = TwoNodes.sessions(NODES.nodeA());
        for (int i = 0; i < 50; i++) {
            var client = NODES.onA("/ws/" + (1_000 + i));
            if (i % 2 == 0) {
                client.leave();
            } else {
                client.abort();
            }
        }
        Await.until("the node to forget them", () -> TwoNodes.sessions(NODES.nodeA()) <= before);
    }

    @Test
    void d5MessageToSomebodyOfflineReachesNobodyAndHarmsNobody() {
        try (var anna = NODES.onA("/ws/501")) {
            send(anna, 10, 502, "too early");
            anna.expectNothingMore();
            try (var late = NODES.onB("/ws/502");
                    var nobody = NODES.onB("/ws/0")) {
                send(anna, 10, 502, "in time");
                hears(late, 10, 501, 502, "in time");
                nobody.expectNothingMore();
            }
        }
    }

    @Test
    void d6MessageToAGroupGoesToItsMembersOnly() {
        NODES.nodeA().groups().set("77", Optional.of(Set.of("601", "602", "603")));
        try (var anna = NODES.onA("/ws/601");
                var ben = NODES.onA("/ws/602");
                var cleo = NODES.onB("/ws/603");
                var stranger = NODES.onB("/ws/604")) {
            send(anna, 20, 77, "hello group");
            hears(anna, 20, 601, 77, "hello group");
            hears(ben, 20, 601, 77, "hello group");
            hears(cleo, 20, 601, 77, "hello group");
            send(stranger, 20, 77, "let me in");
            assertTrue(stranger.nextText().startsWith("{\"content\":\"error: you are not a member of group 77\","));
            stranger.expectNothingMore();

            // The list changes while everybody is connected.
            assertEquals(
                    "{\"group\":\"77\",\"members\":[\"601\",\"604\"]}",
                    NODES.ask("PUT", "/api/groups/77", "secret", "[\"601\",604]")
                            .body());
            Await.until("the stranger to be a member", () -> {
                send(anna, 20, 77, "once more");
                hears(anna, 20, 601, 77, "once more");
                return stranger.receive(java.time.Duration.ofMillis(200)).isPresent();
            });
            ben.expectNothingMore();
            cleo.expectNothingMore();
        }
        assertEquals(200, NODES.ask("DELETE", "/api/groups/77", "secret", "").status());
        assertEquals(404, NODES.ask("GET", "/api/groups/77", "secret", "").status());
        assertEquals(401, NODES.ask("GET", "/api/groups/77", "wrong", "").status());
        assertEquals(
                400, NODES.ask("PUT", "/api/groups/77", "secret", "[\"ann\"]").status());
    }

    @Test
    void d6GroupWithoutAListIsNobodysIfConfigured() {
        try (var nodes = TwoNodes.start(
                        "inbox-rocketmq", "protocols.inbox.open_groups=false", "protocols.inbox.groups=9=1 2");
                var anna = nodes.onA("/ws/1");
                var ben = nodes.onB("/ws/2");
                var cleo = nodes.onB("/ws/3")) {
            send(anna, 20, 8, "nobody's");
            assertTrue(anna.nextText().startsWith("{\"content\":\"error: you are not a member of group 8\","));
            send(anna, 20, 9, "ours");
            hears(anna, 20, 1, 9, "ours");
            hears(ben, 20, 1, 9, "ours");
            cleo.expectNothingMore();
        }
    }

    @Test
    void d7SenderOfWhatCannotBeReadIsToldAndStays() {
        try (var anna = NODES.onA("/ws/701");
                var ben = NODES.onA("/ws/702")) {
            for (var text :
                    new String[] {"hello", "{}", "{\"to\":702,\"content\":\"x\"}", "{\"msgType\":99,\"to\":702}"}) {
                anna.sendText(text);
                var told = anna.nextText();
                assertTrue(told.startsWith("{\"content\":\"error: ") && told.contains("\"msgType\":0,"), told);
            }
            send(anna, 10, 702, "at last");
            hears(ben, 10, 701, 702, "at last");
        }
    }

    @Test
    void d8MessagesOfASenderArriveInOrderAndOnce() {
        try (var anna = NODES.onA("/ws/801");
                var ben = NODES.onB("/ws/802")) {
            for (int i = 0; i < MANY; i++) {
                send(anna, 10, 802, "m" + i);
            }
            for (int i = 0; i < MANY; i++) {
                hears(ben, 10, 801, 802, "m" + i);
            }
            ben.expectNothingMore();
        }
    }

    @Test
    void d9WhoHasItsAnswerMissesNothing() {
        try (var anna = NODES.onA("/ws/901")) {
            for (int i = 910; i < 940; i++) {
                try (var ben = NODES.onB("/ws/" + i)) {
                    send(anna, 10, i, "welcome");
                    hears(ben, 10, 901, i, "welcome");
                }
            }
        }
        // What a client sends with its request is not lost either.
        var own = "{\"msgType\":10,\"to\":941,\"content\":\"to myself\"}".getBytes(StandardCharsets.UTF_8);
        var frame = new byte[6 + own.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | own.length);
        System.arraycopy(own, 0, frame, 6, own.length);
        try (var quick = WsClient.connect(
                Handshake.to("127.0.0.1", NODES.nodeA().port(), "/ws/941").followedBy(frame))) {
            hears(quick, 10, 941, 941, "to myself");
        }
    }

    @Test
    void d10FragmentsTogetherAreLimited() {
        try (var anna = NODES.onA("/ws/1001")) {
            anna.send(Frame.text("z".repeat(60_000)).unfinished());
            anna.send(Frame.continuation("z".repeat(6_000).getBytes(StandardCharsets.UTF_8)));
            assertEquals("Max frame length of 65536 has been exceeded.", anna.awaitClose(1009));
        }
    }

    @Test
    void d11NodeThatCannotHaveItsPortDoesNotStart() throws Exception {
        var config = ConfigSources.none()
                .withPreset("inbox-rocketmq")
                .withSet("backplane.type=none")
                .withSet("node.host=127.0.0.1")
                .withSet("node.port=" + NODES.nodeA().port())
                .load();
        var failure = assertThrows(CannotRunException.class, () -> Switchboard.start(config));
        assertTrue(String.valueOf(failure.getMessage()).contains("is the port in use"), failure.getMessage());
    }

    @Test
    void d12FirstConnectionOfAUserIsServed() {
        try (var first = NODES.onA("/ws/1201")) {
            send(first, 10, 1201, "to myself");
            hears(first, 10, 1201, 1201, "to myself");
            first.expectNothingMore();
        }
    }
}
