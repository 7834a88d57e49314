package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.RefusedException;
import io.switchboard.checks.client.WsClient;
import io.switchboard.message.Message;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All protocols on one port: each has what is its own, and what is not passes on; nonsense disturbs nobody. */
class OnePortTest {
    @RegisterExtension
    static final TwoNodes NODES = TwoNodes.start(
            "demo",
            "protocols.chat.echo=/echo",
            "protocols.sign.enabled=true",
            "protocols.inbox.enabled=true",
            "protocols.message.enabled=true",
            "http.root=message-page");

    @Test
    void everyPathGoesToItsProtocol() {
        try (var chat = NODES.onA("/chat/channel/1?sign=abc");
                var inbox = NODES.onA("/ws/1?sign=abc");
                var message = NODES.onA("/message?sign=abc");
                var sign = NODES.onA("/?sign=abc");
                var elsewhere = NODES.onB("/ws/1/2?sign=abc")) {
            NODES.nodeA().signs().toConnection("abc", 2, Message.json("1"));
            assertTrue(sign.nextText().contains("\"DataInfo\":1"));
            // A second connection of that sign, on a path that /ws/{userId} does not fit, hears as well.
            assertTrue(elsewhere.nextText().contains("\"DataInfo\":1"));
            message.sendText("ping");
            message.sendText("to all of /message");
            message.awaitText("to all of /message");
            // One user of two protocols: each hears in its own words.
            chat.sendText("{\"Method\":\"One\",\"MsgBody\":{\"Id\":\"1\",\"Msg\":\"Hi\"}}");
            chat.awaitText("user 1 send:Hi");
            assertTrue(inbox.nextText().startsWith("{\"content\":\"Hi\",\"fromUserId\":1,\"msgType\":10,"));
            inbox.sendText("{\"msgType\":20,\"to\":5,\"content\":\"to all of /ws\"}");
            assertTrue(inbox.nextText().startsWith("{\"content\":\"to all of /ws\","));
            for (var client : new WsClient[] {chat, inbox, message, sign, elsewhere}) {
                client.expectNothingMore();
            }
        }
    }

    @Test
    void whatIsNobodysPassesOn() {
        for (var path : new String[] {"/nope", "/?sign=", "/?id=abc", "/ws/1/2", "/messages"}) {
            var refused = assertThrows(RefusedException.class, () -> NODES.onA(path), path);
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("404") || path.startsWith("/?"),
                    refused.getMessage());
        }
        assertEquals(200, NODES.ask("GET", "/").status());
        assertEquals(200, NODES.ask("GET", "/?sign=abc").status());
        assertEquals(403, NODES.ask("GET", "/ws/1").status());
        assertEquals(400, NODES.ask("GET", "/message").status());
        assertEquals(200, NODES.ask("GET", "/health/ready").status());
    }

    @Test
    void equalClaimsAreAMistakeThatNamesBoth() {
        var failure = assertThrows(
                ConfigException.class,
                () -> ConfigSources.none()
                        .withSet("protocols.chat.echo=/ws")
                        .withSet("protocols.message.enabled=true")
                        .withSet("protocols.message.path=/message,/ws")
                        .load());
        assertTrue(
                String.valueOf(failure.getMessage()).contains("protocols.message.path")
                        && String.valueOf(failure.getMessage()).contains("protocols.chat.echo"),
                failure.getMessage());
    }

    @Test
    void nonsenseEndsNoConnectionAndReachesNobody() {
        for (var path : new String[] {"/?sign=noise", "/ws/4711"}) {
            try (var noisy = NODES.onA(path);
                    var sign = NODES.onA("/?sign=quiet");
                    var inbox = NODES.onA("/ws/4712")) {
                var random = new Random(9);
                for (int i = 0; i < 300; i++) {
                    noisy.sendText(text(random));
                    var bytes = new byte[random.nextInt(300)];
                    random.nextBytes(bytes);
                    noisy.send(Frame.binary(bytes));
                }
                noisy.sendText("[".repeat(60_000));
                noisy.sendText("{\"DataInfo\":".repeat(5_000));
                noisy.sendText("\"" + "z".repeat(60_000));
                noisy.send(Frame.ping("still there"));
                Frame frame = noisy.receive();
                while (frame.opcode() == Frame.TEXT) {
                    frame = noisy.receive();
                }
                assertEquals("still there", frame.text());
                sign.expectNothingMore();
                inbox.sendText("{\"msgType\":10,\"to\":4712,\"content\":\"x\"}");
                assertTrue(inbox.nextText().startsWith("{\"content\":\"x\","));
            }
        }
    }

    private static String text(Random random) {
        var parts = new String[] {
            "{", "}", "[", "]", "\"", ":", ",", "Type", "msgType", "to", "10", "-", "1e9", "\\u", "你", "null"
        };
        var text = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
