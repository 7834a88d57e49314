package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.api.ApiClient;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.GatewayProcess;
import io.switchboard.checks.components.NodeProcess;
import java.util.List;
import java.util.regex.Pattern;

/** The vector of the inbox design that is about its gateway, played through the real one to nodes behind it. */
public final class GatewayVector {
    /** What a node's API must open with. */
    public static final String KEY = "vectors";

    private static final Pattern INPUT = Pattern.compile("upgrade gateway:/([^/]+)(/ws/(\\d+))");

    private final Json vector;
    private final String service;
    private final String path;
    private final String user;

    private GatewayVector(Json vector) {
        this.vector = vector;
        var input = INPUT.matcher(vector.list("input").getFirst().text("http"));
        assertTrue(input.matches(), () -> "an input that nobody understands yet: " + vector);
        service = input.group(1);
        path = input.group(2);
        user = input.group(3);
    }

    public static GatewayVector read() {
        return VectorFile.raw("ddmcc").stream()
                .filter(one -> one.text("name").equals("gateway"))
                .findFirst()
                .map(GatewayVector::new)
                .orElseThrow();
    }

    /** The service by whose name the nodes must be found. */
    public String service() {
        var seen = vector.list("broker").getFirst();
        assertEquals("NACOS", seen.text("op"));
        // As in "StripPrefix=1, lb:ws://websocket-demo -> ws://ip:19998/ws/1".
        assertTrue(seen.text("note").endsWith(path), () -> "another path behind the gateway: " + vector);
        assertTrue(seen.text("note").contains("lb:ws://" + service + " "), () -> "another service: " + vector);
        return seen.text("service");
    }

    /** The gateway would say yes before it asks a node: one of these must have the client, under the path behind it. */
    public void play(GatewayProcess gateway, List<NodeProcess> nodes) {
        assertEquals(service, service());
        int expected = vector.field("expected")
                .flatMap(all -> all.field("http"))
                .orElseThrow()
                .whole("status", 0);
        // Nodes serve users at /ws/{userId}, so the prefix must have been stripped.
        try (var client = WsClient.connect(Handshake.to(gateway.uri(path)))) {
            assertEquals(expected, client.answer().status());
            Await.until(
                    "user " + user + " to be on one node, by the inbox protocol",
                    () -> nodes.stream().filter(this::hasUser).count() == 1);
            client.sendText("{\"msgType\":10,\"to\":" + user + ",\"content\":\"through the gateway\"}");
            assertTrue(
                    client.nextText().startsWith("{\"content\":\"through the gateway\",\"fromUserId\":" + user + ","));
            client.leave();
        }
    }

    private boolean hasUser(NodeProcess node) {
        return new ApiClient(node.port(), KEY)
                .call("user_sessions", "{\"user\":\"" + user + "\"}")
                .contains("\"protocol\":\"inbox\"");
    }
}
