package io.switchboard.checks.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.published.TwoNodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients of the Centrifugal protocol on two nodes, seen and moved by the server API. */
class LivePresenceTest {
    private static final String PATH = "/connection/websocket";

    @RegisterExtension
    static final TwoNodes NODES = TwoNodes.start("conformance");

    private static String call(String method, String params) {
        return new ApiClient(NODES.nodeA().port(), "test-api-key").call(method, params);
    }

    /** Connected; the id of its session is in the answer. */
    private static String connect(WsClient client) {
        client.sendText("{\"id\":1,\"connect\":{}}");
        String answer = client.nextText();
        return answer.replaceAll(".*\"client\":\"([^\"]*)\".*", "$1");
    }

    private static void subscribe(WsClient client, String channel) {
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        String answer = client.nextText();
        assertTrue(answer.startsWith("{\"id\":2,\"subscribe\":{"), answer);
    }

    @Test
    void thoseWhoListenOnTwoNodesAreSeenAndHeard() {
        try (var one = NODES.onA(PATH);
                var two = NODES.onB(PATH)) {
            String ann = connect(one);
            String ben = connect(two);
            subscribe(one, "room");
            assertEquals(
                    "{\"push\":{\"channel\":\"room\",\"join\":{\"info\":{\"user\":\"\",\"client\":\"" + ann + "\"}}}}",
                    one.nextText());
            subscribe(two, "room");
            String joined =
                    "{\"push\":{\"channel\":\"room\",\"join\":{\"info\":{\"user\":\"\",\"client\":\"" + ben + "\"}}}}";
            assertEquals(joined, one.nextText());
            assertEquals(joined, two.nextText());
            assertEquals(
                    "{\"result\":{\"num_clients\":2,\"num_users\":1,\"exact\":true}}",
                    call("presence_stats", "{\"channel\":\"room\"}"));
            String presence = call("presence", "{\"channel\":\"room\"}");
            assertTrue(presence.contains("\"" + ann + "\":{\"user\":\"\",\"client\":\"" + ann + "\"}"), presence);
            assertTrue(presence.contains("\"" + ben + "\":{\"user\":\"\",\"client\":\"" + ben + "\"}"), presence);
            assertTrue(call("presence", "{\"channel\":\"room\",\"limit\":1}").contains("\"cursor\":\""));
            two.close();
            assertEquals(joined.replace("join", "leave"), one.nextText());
            Await.until("one to be left", () -> call("presence_stats", "{\"channel\":\"room\"}")
                    .contains("\"num_clients\":1,"));
        }
    }

    @Test
    void aClientOfAnotherNodeIsSubscribedAndItsHistoryRead() {
        try (var two = NODES.onB(PATH)) {
            String ben = connect(two);
            assertEquals(
                    "{\"result\":{\"sessions\":1,\"nodes\":1,\"silent\":0}}",
                    call("subscribe", "{\"client\":\"" + ben + "\",\"channel\":\"recovery:news\"}"));
            String push = two.nextText();
            assertTrue(push.startsWith("{\"push\":{\"channel\":\"recovery:news\",\"subscribe\":{"), push);
            String done = call("publish", "{\"channel\":\"recovery:news\",\"data\":{\"n\":1},\"tags\":{\"a\":\"b\"}}");
            assertTrue(done.startsWith("{\"result\":{\"offset\":1,\"epoch\":\""), done);
            String heard = two.nextText();
            assertTrue(heard.contains("\"pub\":{\"data\":{\"n\":1}") && heard.contains("\"offset\":1"), heard);
            String history = call("history", "{\"channel\":\"recovery:news\",\"limit\":-1}");
            assertTrue(
                    history.startsWith("{\"result\":{\"publications\":[{\"data\":{\"n\":1},\"offset\":1,"
                            + "\"tags\":{\"a\":\"b\"},\"time\":"),
                    history);
            assertTrue(call("history", "{\"channel\":\"recovery:news\",\"since\":{\"offset\":1,\"epoch\":\"gone\"}}")
                    .startsWith("{\"error\":{\"code\":112,"));
            assertEquals("{\"result\":{}}", call("history_remove", "{\"channel\":\"recovery:news\"}"));
            assertTrue(call("history", "{\"channel\":\"recovery:news\",\"limit\":-1}")
                    .startsWith("{\"result\":{\"publications\":[],"));
            call("disconnect", "{\"client\":\"" + ben + "\"}");
            two.awaitClose(3503);
        }
    }
}
