package io.switchboard.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.Nginx;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import io.switchboard.checks.components.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients without WebSockets of two nodes behind a real nginx with the shipped configuration: nothing is sticky. */
@Tag("component")
@Tag("node")
class StreamsBehindNginxTest {
    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");
    private static final Pattern NODE = Pattern.compile("\"node\":\"([^\"]+)\"");
    private static final int ROUNDS = 10;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RedisServer redis = RedisServer.start();
    private final NodeProcess nodeA = NodeProcess.start(conformance("A"));
    private final NodeProcess nodeB = NodeProcess.start(conformance("B"));
    private final Nginx nginx = Nginx.inFrontOf(List.of(nodeA.port(), nodeB.port()));

    private NodeSettings conformance(String name) {
        var set = Map.of("backplane.type", "redis", "backplane.uri", redis.uri());
        return new NodeSettings(name, "conformance", set, List.of());
    }

    @AfterEach
    void closeAll() {
        nginx.close();
        nodeA.close();
        nodeB.close();
        redis.close();
    }

    private HttpRequest.Builder to(String path) {
        URI uri = nginx.uri(path);
        return HttpRequest.newBuilder(URI.create("http://" + uri.getAuthority() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private BufferedReader stream(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /** The next line that says something: pings and the empty lines between events do not. */
    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && (line.isEmpty() || line.endsWith("{}"))) {
            line = lines.readLine();
        }
        return line == null ? "the end" : line;
    }

    private static String found(Pattern pattern, String in) {
        var matcher = pattern.matcher(in);
        assertTrue(matcher.find(), in);
        return matcher.group(1);
    }

    /** One after another, each to the node whose turn it is. */
    private void say(String connected, String command) throws IOException, InterruptedException {
        String body = "{\"session\":\"" + found(SESSION, connected) + "\",\"node\":\"" + found(NODE, connected)
                + "\",\"data\":\"" + command.replace("\"", "\\\"") + "\"}";
        var request = to("/emulation").POST(BodyPublishers.ofString(body)).build();
        assertEquals(204, http.send(request, BodyHandlers.discarding()).statusCode());
    }

    @Test
    void whatIsSaidThroughEitherNodeIsHeardInTheStream() throws Exception {
        Await.until("the nodes know each other", () -> nodeA.metric("switchboard_peers") == 1);
        Await.until("the nodes know each other", () -> nodeB.metric("switchboard_peers") == 1);
        String connect = "{\"id\":1,\"connect\":{}}";
        var post = to("/connection/http_stream")
                .POST(BodyPublishers.ofString(connect))
                .build();
        var get = to("/connection/sse?cf_connect=" + URLEncoder.encode(connect, StandardCharsets.UTF_8))
                .build();
        try (var lines = stream(post);
                var events = stream(get)) {
            String lineAnswer = next(lines);
            String eventAnswer = next(events);
            assertTrue(lineAnswer.startsWith("{\"id\":1,\"connect\":{"), lineAnswer);
            assertTrue(eventAnswer.startsWith("data: {\"id\":1,\"connect\":{"), eventAnswer);
            say(lineAnswer, "{\"id\":2,\"subscribe\":{\"channel\":\"group:a\"}}");
            say(eventAnswer, "{\"id\":2,\"subscribe\":{\"channel\":\"group:a\"}}");
            assertTrue(next(lines).startsWith("{\"id\":2,\"subscribe\":{"));
            assertTrue(next(events).startsWith("data: {\"id\":2,\"subscribe\":{"));
            for (int i = 0; i < ROUNDS; i++) {
                say(lineAnswer, "{\"id\":" + (i + 3) + ",\"publish\":{\"channel\":\"group:a\",\"data\":" + i + "}}");
                String heard = next(events);
                assertTrue(heard.contains("\"push\"") && heard.contains("\"data\":" + i), heard);
            }
        }
        Await.until("no session is left", () -> nodeA.metric("switchboard_sessions") == 0);
        Await.until("no session is left", () -> nodeB.metric("switchboard_sessions") == 0);
    }
}
