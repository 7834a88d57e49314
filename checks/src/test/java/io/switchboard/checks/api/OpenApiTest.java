package io.switchboard.checks.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.published.TwoNodes;
import io.switchboard.message.MalformedException;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.server.api.ApiCalls;
import io.switchboard.server.api.ApiKey;
import io.switchboard.server.api.ServerApi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The description of the API says what there is, no more and no less. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    @RegisterExtension
    static final TwoNodes NODES =
            TwoNodes.start("demo", "api.key=secret", "protocols.sign.enabled=true", "protocols.inbox.enabled=true");

    /** The methods of each path. */
    private static Map<String, Set<String>> described() throws MalformedException {
        HttpAnswer answer = NODES.ask("GET", "/api/openapi.json");
        assertEquals(200, answer.status());
        assertEquals("application/json", answer.header("content-type"));
        var paths = new TreeMap<String, Set<String>>();
        JsonReader in = JsonReader.of(ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)));
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            if (in.name().equals("paths")) {
                in.beginObject();
                for (boolean one = true; in.hasMember(one); one = false) {
                    paths.put(in.name(), members(in));
                }
            } else {
                in.skip();
            }
        }
        in.end();
        return paths;
    }

    private static Set<String> members(JsonReader in) throws MalformedException {
        var names = new TreeSet<String>();
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            names.add(in.name());
            in.skip();
        }
        names.retainAll(METHODS);
        return names;
    }

    @Test
    void everyRouteIsDescribed() throws MalformedException {
        var routes = new TreeMap<String, Set<String>>(
                Map.of("/api/groups/{group}", Set.of("get", "put", "delete"), "/api/sign/push", Set.of("post")));
        var api = new ServerApi(
                NODES.nodeA().node(),
                new ApiKey(Optional.empty()),
                false,
                new ApiCalls(),
                Optional.of(NODES.nodeA().groups()));
        api.routes()
                .forEach(route -> routes.put(
                        route.path(), Set.of(route.methods().iterator().next().toLowerCase(Locale.ROOT))));
        assertEquals(routes, described());
    }

    @Test
    void whatIsDescribedIsThere() throws MalformedException {
        described()
                .forEach((path, methods) -> methods.forEach(method -> {
                    String place = path.replace("{group}", "7");
                    HttpAnswer answer =
                            WsClient.ask(Handshake.to("127.0.0.1", NODES.nodeA().port(), place)
                                    .plain()
                                    .withMethod(method.toUpperCase(Locale.ROOT))
                                    .with("Content-Length", "0"));
                    int expected = place.endsWith("openapi.json") ? 200 : 401;
                    assertEquals(expected, answer.status(), method + " " + path);
                }));
    }

    @Test
    void everythingThatIsReferredToIsDescribed() throws MalformedException {
        String text = NODES.ask("GET", "/api/openapi.json").body();
        var matcher =
                Pattern.compile("\"#/components/(schemas|responses)/(\\w+)\"").matcher(text);
        while (matcher.find()) {
            assertTrue(text.contains("\"" + matcher.group(2) + "\": {"), matcher.group(2));
        }
    }
}
