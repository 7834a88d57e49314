package io.switchboard.checks.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.cluster.Chat;
import io.switchboard.checks.published.TwoNodes;
import io.switchboard.message.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The methods of the server API, asked of one of two nodes. */
class ServerApiTest {
    private static final String KEY = "test-api-key";

    @RegisterExtension
    static final TwoNodes NODES = TwoNodes.start("demo", "api.key=" + KEY);

    private static ApiClient api() {
        return new ApiClient(NODES.nodeA().port(), KEY);
    }

    private static String call(String method, String params) {
        return api().call(method, params);
    }

    private static void assertError(int code, String answer) {
        assertTrue(answer.startsWith("{\"error\":{\"code\":" + code + ",\"message\":\""), answer);
    }

    private static WsClient channel(String user) {
        return NODES.onB("/chat/channel/" + user);
    }

    // The door

    @Test
    void theKeyOpensInFourWays() {
        for (var header : new String[][] {
            {"X-API-Key", KEY}, {"Authorization", "apikey " + KEY}, {"Authorization", "Bearer " + KEY}
        }) {
            assertEquals(200, api().post("/api/info", "{}", header).status());
        }
        assertEquals(200, api().post("/api/info?api_key=" + KEY, "{}").status());
        for (var header : new String[][] {
            {}, {"X-API-Key", "wrong"}, {"Authorization", KEY}, {"Authorization", "Basic " + KEY}, {"X-API-Key", ""}
        }) {
            HttpAnswer answer = api().post("/api/info", "{}", header);
            assertEquals(401, answer.status());
            assertError(101, answer.body());
            assertTrue(!answer.body().contains(KEY));
        }
        assertEquals(401, api().post("/api/info?api_key=", "{}").status());
        assertEquals(405, NODES.ask("GET", "/api/info").status());
    }

    @Test
    void withoutAKeyThereIsNoApiUnlessItIsOpen() {
        try (var closed = TwoNodes.start("demo");
                var open = TwoNodes.start("demo", "api.insecure=true")) {
            HttpAnswer off = new ApiClient(closed.nodeA().port(), "").post("/api/info", "{}");
            assertEquals(404, off.status());
            assertError(108, off.body());
            assertTrue(off.body().contains("set api.key"), off.body());
            assertEquals(
                    200,
                    new ApiClient(open.nodeA().port(), "")
                            .post("/api/info", "{}")
                            .status());
        }
    }

    // Publishing

    @Test
    void whatIsPublishedReachesTheListenersOfAllNodes() {
        try (var anna = NODES.onA("/chat/channel/pa");
                var ben = channel("pb")) {
            anna.sendText(Chat.join("p1"));
            assertEquals(Chat.joined("pa", "p1"), anna.nextText());
            ben.sendText(Chat.join("p1"));
            assertEquals(Chat.joined("pb", "p1"), ben.nextText());
            assertEquals(Chat.notice("pb", "p1"), anna.nextText());
            assertEquals(
                    "{\"result\":{\"local\":1,\"remote\":\"accepted\"}}",
                    call(
                            "publish",
                            "{\"channel\":\"group:p1\",\"data\":{\"a\": [1, \"ä\\n\"]}, \"tags\":{\"x\":\"y\"}}"));
            String heard = Chat.heardGroup("p1", "", "{\"a\":[1,\"ä\\n\"]}");
            assertEquals(heard, anna.nextText());
            assertEquals(heard, ben.nextText());
            assertEquals(
                    "{\"result\":{\"responses\":[{\"result\":{\"local\":1,\"remote\":\"accepted\"}},"
                            + "{\"error\":{\"code\":102,\"message\":\"unknown channel: no namespace is configured for"
                            + " it\"}},{\"error\":{\"code\":107,\"message\":\"bad request: topic is empty\"}}]}}",
                    call("broadcast", "{\"channels\":[\"group:p1\",\"nope:1\",\"\"],\"b64data\":\"WzFd\"}"));
            assertEquals(Chat.heardGroup("p1", "", "[1]"), ben.nextText());
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        assertError(107, call("publish", "{\"data\":{}}"));
        assertError(107, call("publish", "{\"channel\":5,\"data\":{}}"));
        assertError(107, call("publish", "{\"channel\":\"group:1\"}"));
        assertError(107, call("publish", "{\"channel\":\"group:1\",\"b64data\":\"§\"}"));
        assertError(107, call("publish", "{\"channel\":\"" + "x".repeat(256) + "\",\"data\":1}"));
        assertError(102, call("publish", "{\"channel\":\"nope:1\",\"data\":{}}"));
        assertError(102, call("publish", "{\"channel\":\"node:*\",\"data\":{}}"));
        assertError(107, call("disconnect", "{}"));
        assertError(107, call("subscribe", "{\"channel\":\"group:1\"}"));
        assertError(108, call("history", "{\"channel\":\"group:1\"}"));
        assertError(108, call("history_remove", "{\"channel\":\"group:1\"}"));
        assertError(108, call("presence", "{\"channel\":\"group:1\"}"));
        assertError(108, call("presence_stats", "{\"channel\":\"group:1\"}"));
        assertError(104, call("rpc", "{\"method\":\"nope\"}"));
        assertError(107, call("users_online", "{\"limit\":0}"));
        for (String body : new String[] {"[]", "{", "7", "{\"a\":1}x", "\"\u0001\""}) {
            HttpAnswer answer = api().post("/api/info", body, "X-API-Key", KEY);
            assertEquals(400, answer.status(), body);
            assertError(107, answer.body());
        }
        assertEquals(
                413,
                api().post("/api/info", "{\"a\":\"" + "x".repeat(2 << 20) + "\"}", "X-API-Key", KEY)
                        .status());
    }

    @Test
    void whereThereIsNoMethodItIsSaidWhichThereAre() {
        for (HttpAnswer answer : List.of(
                NODES.ask("GET", "/api/nope"), NODES.ask("POST", "/api/nope"), NODES.ask("DELETE", "/api/nope"))) {
            assertEquals(404, answer.status());
            assertEquals("application/json", answer.header("Content-Type"));
            assertError(104, answer.body());
            for (String word : List.of("there is no nope;", "POST", "publish", "batch", "/api/openapi.json")) {
                assertTrue(answer.body().contains(word), answer.body());
            }
        }
        assertError(104, NODES.ask("GET", "/api/").body());
        assertTrue(NODES.ask("GET", "/api/%22%0a").body().contains("\\\"\\n"));
        assertEquals(405, NODES.ask("GET", "/api/publish").status());
        assertEquals("404 Not Found", NODES.ask("GET", "/apiary").body());
    }

    @Test
    void errorsAreToldByTheStatusWhereThatIsWanted() {
        String[] headers = {"X-API-Key", KEY, "X-Centrifugo-Error-Mode", "transport"};
        assertEquals(200, api().post("/api/info", "{}", headers).status());
        assertEquals(400, api().post("/api/publish", "{}", headers).status());
        assertEquals(
                404,
                api().post("/api/publish", "{\"channel\":\"nope:1\",\"data\":1}", headers)
                        .status());
        assertEquals(
                400,
                api().post("/api/presence", "{\"channel\":\"group:1\"}", headers)
                        .status());
        HttpAnswer answer = api().post("/api/rpc", "{\"method\":\"nope\"}", headers);
        assertEquals(404, answer.status());
        assertError(104, answer.body());
    }

    @Test
    void severalCommandsGoTogether() {
        try (var ann = channel("batch")) {
            assertEquals(
                    "{\"replies\":[{\"publish\":{\"local\":0,\"remote\":\"accepted\"}},"
                            + "{\"error\":{\"code\":104,\"message\":\"method not found\"}},"
                            + "{\"disconnect\":{\"sessions\":0,\"nodes\":2,\"silent\":0}},"
                            + "{\"error\":{\"code\":107,"
                            + "\"message\":\"bad request: field publish is not an object\"}}]}",
                    call(
                            "batch",
                            "{\"commands\":[{\"publish\":{\"channel\":\"user:batch\",\"data\":\"1\"}},{\"nope\":{}},"
                                    + "{\"disconnect\":{\"user\":\"nobody\"}},{\"publish\":7}]}"));
            assertEquals(Chat.heardOne("", "1"), ann.nextText());
            call("batch", "{\"parallel\":true,\"commands\":[{\"publish\":{\"channel\":\"user:batch\",\"data\":2}}]}");
            assertEquals(Chat.heardOne("", "2"), ann.nextText());
        }
        assertEquals("{\"replies\":[]}", call("batch", "{}"));
    }

    @Test
    void theOlderFormNamesItsMethod() {
        HttpAnswer answer = api().post(
                        "/api",
                        "{\"method\":\"publish\",\"params\":{\"channel\":\"user:1\",\"data\":{}}}",
                        "Authorization",
                        "apikey " + KEY);
        assertEquals("{\"result\":{\"local\":0,\"remote\":\"accepted\"}}", answer.body());
        assertError(
                104, api().post("/api", "{\"method\":\"x\"}", "X-API-Key", KEY).body());
    }

    @Test
    void anApplicationAddsMethods() {
        NODES.nodeA()
                .calls()
                .on(
                        "double",
                        params -> CompletableFuture.completedFuture(
                                Message.json("[" + params.asText() + "," + params.asText() + "]")));
        assertEquals(
                "{\"result\":{\"data\":[{\"a\":1},{\"a\":1}]}}",
                call("rpc", "{\"method\":\"double\",\"params\":{\"a\":1}}"));
    }

    // Sessions of another node

    @Test
    void aUserIsMadeToListenAndToStop() {
        try (var ann = channel("sub")) {
            assertEquals(
                    "{\"result\":{\"sessions\":1,\"nodes\":2,\"silent\":0}}",
                    call("subscribe", "{\"user\":\"sub\",\"channel\":\"group:s1\",\"expire_at\":0}"));
            call("publish", "{\"channel\":\"group:s1\",\"data\":1}");
            assertEquals(Chat.heardGroup("s1", "", "1"), ann.nextText());
            assertEquals(
                    "{\"result\":{\"sessions\":1,\"nodes\":2,\"silent\":0}}",
                    call("unsubscribe", "{\"user\":\"sub\",\"channel\":\"group:s1\"}"));
            call("publish", "{\"channel\":\"group:s1\",\"data\":2}");
            ann.expectNothingMore();
        }
    }

    @Test
    void connectionsAreClosedWithTheReasonThatWasSaid() {
        try (var one = channel("dis");
                var two = NODES.onA("/chat/user/dis")) {
            String where = call("user_sessions", "{\"user\":\"dis\"}");
            String client = where.replaceAll(
                    ".*\"client\":\"([^\"]*)\",\"node\":\""
                            + NODES.nodeB().node().name() + "\".*",
                    "$1");
            assertEquals(
                    "{\"result\":{\"sessions\":1,\"nodes\":1,\"silent\":0}}",
                    call(
                            "disconnect",
                            "{\"client\":\"" + client + "\",\"disconnect\":{\"code\":4100,\"reason\":\"x\"}}"));
            one.awaitClose(4100);
            two.expectNothingMore();
            call("disconnect", "{\"user\":\"dis\"}");
            two.awaitClose(3503);
        }
    }

    @Test
    void whoHasExpiredGoes() {
        try (var ann = channel("exp")) {
            assertEquals(
                    "{\"result\":{\"sessions\":1,\"nodes\":2,\"silent\":0}}",
                    call("refresh", "{\"user\":\"exp\",\"expired\":true}"));
            ann.awaitClose(4012);
        }
    }

    // What there is

    @Test
    void itIsKnownWhoIsWhere() {
        try (var one = channel("who");
                var two = NODES.onA("/chat/user/who")) {
            String places = call("user_sessions", "{\"user\":\"who\"}");
            assertTrue(
                    places.contains("\"node\":\"" + NODES.nodeA().node().name() + "\",\"protocol\":\"chat\""), places);
            assertTrue(
                    places.contains("\"node\":\"" + NODES.nodeB().node().name() + "\",\"protocol\":\"chat\""), places);
            assertTrue(places.endsWith(",\"silent\":0}}"), places);
            String online = call("users_online", "{\"cursor\":\"whn\",\"limit\":1}");
            assertTrue(online.contains("\"exact\":true,\"users\":[\"who\"]"), online);
            assertTrue(call("channels", "{\"pattern\":\"user:wh?\"}")
                    .startsWith("{\"result\":{\"channels\":{\"user:who\":{\"num_clients\":2}},\"complete\":true,"));
            String nodes = call("info", "");
            assertTrue(nodes.contains("\"name\":\"" + NODES.nodeB().node().name() + "\""), nodes);
            one.expectNothingMore();
            two.expectNothingMore();
        }
        Await.until(
                "it to be gone",
                () -> call("user_sessions", "{\"user\":\"who\"}")
                        .equals("{\"result\":{\"sessions\":[],\"silent\":0}}"));
    }
}
