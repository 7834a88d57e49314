package io.switchboard.checks.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.WsClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of a node when its process is killed: two nodes that share a Redis. */
@Tag("component")
@Tag("node")
class DeadNodeTest {
    /** Above what a busy machine needs to see the lease lapse, and far below the usual one of 10 s and its beats. */
    private static final Duration LEASE = Duration.ofSeconds(2);

    private final List<WsClient> clients = new ArrayList<>();
    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = Fleet.two("directory.lease", LEASE.toMillis() + "ms");
    }

    @AfterEach
    void stop() {
        clients.forEach(WsClient::close);
        fleet.close();
    }

    private WsClient connect(int node, String user, String id) {
        WsClient client = WsClient.connect(URI.create(fleet.webSocket(node)));
        clients.add(client);
        String claims = "{\"sub\":\"" + user + "\",\"jti\":\"" + id + "\",\"iat\":1000}";
        client.sendText("{\"id\":1,\"connect\":{\"token\":\"" + Fleet.token(claims) + "\"}}");
        return client;
    }

    private WsClient listener(int node, String user) {
        WsClient client = connect(node, user, "");
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"room\"}}");
        Await.until("the answer", () -> client.nextText().contains("\"id\":2,\"subscribe\":{"));
        return client;
    }

    private String stats(int node) {
        return fleet.call(node, "presence_stats", "{\"channel\":\"room\"}");
    }

    private static String counts(int clients, int users) {
        return "\"num_clients\":" + clients + ",\"num_users\":" + users + ",\"exact\":true";
    }

    /** Within the lease and two beats of a quarter of it; the rest is for a machine that has other things to do. */
    @Test
    void itsClientsAreGoneWithTheLeaseAndTheUsersAreCountedAnew() {
        WsClient ann = listener(1, "ann");
        listener(1, "ben");
        listener(0, "ann");
        listener(0, "cleo");
        listener(0, "cleo");
        Await.until("all", () -> stats(1), text -> text.contains(counts(5, 3)));
        fleet.kill(0);
        assertTrue(stats(1).contains(counts(5, 3)), "nobody is gone before it is known that the node is dead");
        Await.until("those of the other", LEASE.multipliedBy(5), () -> stats(1), text -> text.contains(counts(2, 2)));
        String presence = fleet.call(1, "presence", "{\"channel\":\"room\"}");
        assertTrue(presence.contains("\"user\":\"ann\"") && presence.contains("\"user\":\"ben\""), presence);
        assertFalse(presence.contains("cleo"), presence);
        // Nobody says that they left: see docs/operations.md. The next words are those of who comes.
        listener(1, "dora");
        Await.until("her joining", () -> ann.nextText(), text -> text.contains("\"join\":") && text.contains("dora"));
        assertEquals(
                0,
                ann.receive(Duration.ofMillis(200)).stream()
                        .filter(frame -> frame.text().contains("\"leave\":"))
                        .count());
    }

    @Test
    void whatWasRevokedIsStillRevokedWhenAllNodesStartAnew() {
        connected(connect(0, "ann", "t1"));
        connected(connect(1, "ben", "t2"));
        connected(connect(0, "cleo", "t3"));
        fleet.call(0, "revoke", "{\"token\":\"t1\"}");
        fleet.call(1, "revoke", "{\"user\":\"ben\"}");
        fleet.killAll();
        fleet.startAll();
        for (int node = 0; node < 2; node++) {
            refused(connect(node, "ann", "t1"));
            refused(connect(node, "ben", "t4"));
            connected(connect(node, "cleo", "t3"));
            connected(connect(node, "ann", "t5"));
        }
    }

    private static void connected(WsClient client) {
        String answer = client.nextText();
        assertTrue(answer.contains("\"connect\":{\"client\":"), answer);
    }

    private static void refused(WsClient client) {
        assertEquals("invalid token", client.awaitClose(3500));
    }
}
