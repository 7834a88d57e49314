package io.switchboard.checks.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.hub.Authenticator;
import io.switchboard.hub.Outcome;
import io.switchboard.message.Message;
import io.switchboard.metrics.Meters;
import io.switchboard.node.Node;
import io.switchboard.node.NodeConfig;
import io.switchboard.protocols.sign.Identity;
import io.switchboard.protocols.sign.SignProtocol;
import io.switchboard.protocols.sign.SignPush;
import io.switchboard.protocols.sign.SignSettings;
import io.switchboard.server.Switchboard;
import io.switchboard.transport.ServerSettings;
import io.switchboard.transport.WebSocketServer;
import io.switchboard.transport.http.HttpRoutes;
import io.switchboard.transport.loop.NettyLoops;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the published sign program does wrong, and this one does not, as far as one node or two in one process show it:
 * M1, M2, M3, M4, M5, M7, M8, M9, M10, M11, M12.
 */
class SignFaultsTest {
    private static final String BIND_7 =
            "{\"Type\":1,\"DataInfo\":{\"userId\":7,\"tenantId\":3,\"bankId\":null,\"fromeType\":1}}";
    private static final Identity IDENTITY_7 = new Identity("7", "3", "", "1");

    @RegisterExtension
    static final TwoNodes NODES = TwoNodes.start(
            "sign-rabbitmq", "protocols.sign.types=user_info=1,task_count=2,broadcast=3", "api.key=secret");

    private static Outcome await(CompletionStage<Outcome> pushed) {
        return pushed.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static Outcome push(Switchboard from, String sign, String data) {
        return await(from.signs().toConnection(sign, 2, Message.json(data)));
    }

    private static Outcome pushTo7(Switchboard from, String data) {
        return await(from.signs().toIdentity(IDENTITY_7, 2, Message.json(data)));
    }

    private static void hears(WsClient client, int type, String data) {
        var heard = client.nextText();
        assertTrue(
                heard.startsWith("{\"MessagDateTime\":\"20")
                        && heard.endsWith(",\"Type\":" + type + ",\"DataInfo\":" + data + "}"),
                heard);
    }

    /** Until the client's node has carried out what it sent. */
    private static void done(WsClient client) {
        client.expectNothingMore();
    }

    @Test
    void m1SenderChoosesWhetherItHearsItsOwnBroadcast() {
        try (var anna = NODES.onA("/?sign=m1-a");
                var beside = NODES.onA("/x/y?sign=m1-b");
                var ben = NODES.onB("/hub?Sign=m1-c")) {
            anna.sendText("{\"Type\":3,\"DataInfo\":\"not to me\",\"toSender\":false}");
            hears(beside, 3, "\"not to me\"");
            hears(ben, 3, "\"not to me\"");
            anna.expectNothingMore();
            anna.sendText("{\"Type\":3,\"DataInfo\":\"to me\"}");
            hears(anna, 3, "\"to me\"");
            hears(beside, 3, "\"to me\"");
            hears(ben, 3, "\"to me\"");
        }
    }

    @Test
    void m2ManyComeAndGoWhilePushesRun() {
        var over = new AtomicBoolean();
        try (var anna = NODES.onB("/?sign=m2")) {
            var pushing = CompletableFuture.supplyAsync(
                    () -> {
                        int pushed = 0;
                        while (!over.get()) {
                            push(NODES.nodeA(), "m2", Integer.toString(pushed++));
                            push(NODES.nodeA(), "m2-" + pushed % 20, "0");
                        }
                        return pushed;
                    },
                    Thread::startVirtualThread);
            var comers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> {
                                for (int round = 0; round < 10; round++) {
                                    NODES.onA("/?sign=m2-" + i).abort();
                                }
                            },
                            Thread::startVirtualThread))
                    .toList();
            comers.forEach(CompletableFuture::join);
            over.set(true);
            int pushed = pushing.join();
            for (int i = 0; i < pushed; i++) {
                hears(anna, 2, Integer.toString(i));
            }
            anna.expectNothingMore();
        }
        Await.until("the node to forget those who left", () -> TwoNodes.sessions(NODES.nodeA()) == 0);
    }

    @Test
    void m3ConnectionsWithOneSignDoNotTakeAnythingFromEachOther() {
        var first = NODES.onA("/?sign=m3");
        var second = NODES.onA("/?sign=m3");
        assertEquals(2, push(NODES.nodeA(), "m3", "1").local());
        hears(first, 2, "1");
        hears(second, 2, "1");
        second.leave();
        assertEquals(1, push(NODES.nodeA(), "m3", "2").local());
        hears(first, 2, "2");
        first.leave();
        assertEquals(0, push(NODES.nodeA(), "m3", "3").local());
    }

    @Test
    void m4AbruptEndLeavesNoDeadEntry() {
        try (var beside = NODES.onA("/?sign=m4-beside")) {
            NODES.onA("/?sign=m4").abort();
            Await.until(
                    "the dead one to be forgotten",
                    () -> push(NODES.nodeA(), "m4", "1").local() == 0);
            try (var again = NODES.onA("/?sign=m4")) {
                assertEquals(1, push(NODES.nodeA(), "m4", "2").local());
                hears(again, 2, "2");
            }
            beside.expectNothingMore();
        }
    }

    @Test
    void m5LongAndFragmentedMessagesAreWhole() {
        try (var client = NODES.onA("/?sign=m5");
                var ben = NODES.onB("/?sign=m5-b")) {
            var padded = "{\"padding\":\"" + "你".repeat(15_000) + "\"," + BIND_7.substring(1);
            var bytes = padded.getBytes(StandardCharsets.UTF_8);
            int middle = bytes.length / 2 + 1;
            client.send(
                    Frame.of(Frame.TEXT, java.util.Arrays.copyOf(bytes, middle)).unfinished());
            client.send(Frame.continuation(java.util.Arrays.copyOfRange(bytes, middle, bytes.length)));
            done(client);
            var data = "\"" + "任".repeat(20_000) + "\"";
            assertEquals(1, pushTo7(NODES.nodeA(), data).local());
            hears(client, 2, data);
            push(NODES.nodeA(), "m5-b", data);
            hears(ben, 2, data);
        }
    }

    @Test
    void m7ErrorsAreInWordsOfOurOwnAndTheConnectionStays() {
        try (var client = NODES.onA("/?sign=m7")) {
            for (var text : new String[] {"hello", "", "null", "{\"Type\":1}"}) {
                client.sendText(text);
                var told = client.nextText();
                assertTrue(told.startsWith("error: ") && !told.contains("Exception"), told);
            }
            client.sendText("{\"Type\":1,\"DataInfo\":{\"userId\":70,\"tenantId\":3,\"fromeType\":1}}");
            done(client);
            push(NODES.nodeA(), "m7", "1");
            hears(client, 2, "1");
        }
    }

    @Test
    void m8IdentityEndsWithItsConnectionAndNotBefore() {
        var old = NODES.onA("/?sign=m8-old");
        old.sendText(BIND_7);
        done(old);
        assertEquals(1, pushTo7(NODES.nodeA(), "1").local());
        hears(old, 2, "1");
        try (var successor = NODES.onA("/?sign=m8-new")) {
            successor.sendText(BIND_7);
            done(successor);
            assertEquals(1, pushTo7(NODES.nodeA(), "2").local());
            hears(successor, 2, "2");
            old.expectNothingMore();
            // The end of the old one takes nothing away.
            old.leave();
            assertEquals(1, pushTo7(NODES.nodeA(), "3").local());
            hears(successor, 2, "3");
            assertEquals(Remote.ACCEPTED, pushTo7(NODES.nodeB(), "4").remote());
            hears(successor, 2, "4");
            successor.sendText("{\"Type\":1,\"DataInfo\":{\"userId\":8,\"fromeType\":1}}");
            done(successor);
            assertEquals(
                    0,
                    await(NODES.nodeA().signs().toIdentity("1", 2, Message.json("5")))
                            .local());
        }
        Await.until(
                "the identity to be nobody's", () -> pushTo7(NODES.nodeA(), "6").local() == 0);
    }

    @Test
    void m9RequestThatAsksForNoWebSocketHasOneAnswer() {
        var answer = NODES.ask("GET", "/?sign=m9");
        assertEquals(400, answer.status());
        assertEquals(404, NODES.ask("GET", "/").status());
        assertEquals(200, NODES.ask("GET", "/health/live?sign=m9").status());
        // What follows on the connection is one more answer, not the rest of the last one.
        var both = WsClient.ask(Handshake.to("127.0.0.1", NODES.nodeA().port(), "/?sign=m9")
                .plain()
                .with("Connection", "keep-alive")
                .followedBy("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(400, both.status());
    }

    @Test
    void m10EveryCharacterArrives() {
        try (var client = NODES.onB("/?sign=%E5%BC%A0%E4%B8%89")) {
            push(NODES.nodeA(), "张三", "\"任务数量 🙂\"");
            hears(client, 2, "\"任务数量 🙂\"");
        }
    }

    @Test
    void m11ClientDoesNotDecideWhichUserItIs() {
        var meters = new Meters();
        var sign = new SignProtocol(SignSettings.DEFAULT, meters);
        Authenticator knows =
                (request, claimed) -> CompletableFuture.completedFuture(new Authenticator.Verdict.Accepted("8"));
        try (var loops = new NettyLoops(1, NettyLoops.Kind.AUTO);
                var node = Node.start(NodeConfig.named("m11")
                        .withLoops(loops.all())
                        .withNamespaces(SignProtocol.namespaces())
                        .withAuthenticator(knows)
                        .withMeters(meters));
                var server = new WebSocketServer(
                        node.hub(),
                        sign.endpoints(List.of()),
                        loops,
                        ServerSettings.on("127.0.0.1", 0),
                        new HttpRoutes(List.of()),
                        meters);
                var client = WsClient.connect(URI.create("ws://127.0.0.1:" + server.port() + "/?sign=m11"))) {
            var signs = new SignPush(node, SignSettings.DEFAULT);
            client.sendText(BIND_7);
            assertEquals("error: this identity is another user's", client.nextText());
            assertEquals(
                    0, await(signs.toIdentity(IDENTITY_7, 2, Message.json("1"))).local());
            client.sendText(BIND_7.replace("\"userId\":7", "\"userId\":8"));
            done(client);
            await(signs.toIdentity(new Identity("8", "3", "", "1"), 2, Message.json("2")));
            hears(client, 2, "2");
        }
    }

    @Test
    void m12WhatBecameOfAPushIsKnown() {
        try (var client = NODES.onA("/?sign=m12")) {
            assertEquals(new Outcome(1, Remote.ACCEPTED), push(NODES.nodeA(), "m12", "1"));
            assertEquals(new Outcome(0, Remote.ACCEPTED), push(NODES.nodeA(), "nobody", "1"));
            hears(client, 2, "1");
            assertEquals(
                    "{\"local\":1,\"remote\":\"accepted\"}",
                    NODES.ask("POST", "/api/sign/push?sign=m12&type=9", "secret", "{\"a\":1}")
                            .body());
            hears(client, 9, "{\"a\":1}");
            client.sendText(BIND_7);
            done(client);
            assertEquals(
                    200,
                    NODES.ask("POST", "/api/sign/push?identity=T_7_3_tenant_1", "secret", "5")
                            .status());
            hears(client, 2, "5");
            assertEquals(
                    200,
                    NODES.ask("POST", "/api/sign/push?to=everybody", "secret", "6")
                            .status());
            hears(client, 2, "6");
            for (var wrong : new String[] {"", "?sign=", "?sign=a&type=x"}) {
                assertEquals(
                        400,
                        NODES.ask("POST", "/api/sign/push" + wrong, "secret", "6")
                                .status(),
                        wrong);
            }
            assertEquals(
                    400,
                    NODES.ask("POST", "/api/sign/push?sign=a", "secret", "{").status());
            assertEquals(
                    401,
                    NODES.ask("POST", "/api/sign/push?sign=a", "wrong", "6").status());
        }
    }

    @Test
    void manyIdentitiesOfOneConnectionAreAllBound() {
        try (var client = NODES.onA("/?sign=both")) {
            var identities = new ArrayList<Identity>();
            for (int tenant = 1; tenant <= 3; tenant++) {
                client.sendText(
                        "{\"Type\":1,\"DataInfo\":{\"userId\":50,\"tenantId\":" + tenant + ",\"fromeType\":1}}");
                identities.add(new Identity("50", "" + tenant, "", "1"));
            }
            done(client);
            for (var identity : identities) {
                await(NODES.nodeB().signs().toIdentity(identity, 2, Message.text(identity.key())));
                hears(client, 2, "\"" + identity.key() + "\"");
            }
        }
    }
}
