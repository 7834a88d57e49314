package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Deadline;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** One vector, played by clients of two nodes. */
final class PairVector {
    private static final AtomicInteger FENCES = new AtomicInteger();
    private static final Duration QUIET = Duration.ofMillis(50);
    private static final Pattern HTTP = Pattern.compile("(?:(upgrade|plain) )?(?:(GET|POST) )?(/\\S*)");
    private static final int FRAME_MAX = 65_536;

    private final Ground ground;
    private final Json vector;
    private final Map<String, Player> players = new LinkedHashMap<>();

    PairVector(Ground ground, Json vector) {
        this.ground = ground;
        this.vector = vector;
    }

    void run() {
        ground.clear();
        try {
            for (var one : vector.list("setup")) {
                var uri = ground.uri(one.text("node"), one.text("path"));
                players.put(one.text("client"), Player.join(one.text("client"), uri));
            }
            vector.list("input").forEach(this::play);
            var expected = vector.field("expected").orElseThrow();
            Await.until("what the clients must hear", () -> difference(expected), String::isEmpty);
            settle();
            assertEquals("", difference(expected), "after everything had arrived");
            Await.until("the right traffic on the broker", () -> ground.difference(vector), String::isEmpty);
            Await.until(
                    "the clients that were not closed to be there",
                    () -> players.values().stream().allMatch(player -> player.ended() == isClosed(player)));
        } finally {
            players.values().forEach(Player::close);
            Await.until("the nodes to be empty", ground::isEmpty);
        }
    }

    private static boolean isClosed(Player player) {
        return player.heard().stream().anyMatch(frame -> frame.opcode() == Frame.CLOSE);
    }

    private void play(Json step) {
        if (step.field("http").isPresent()) {
            ask(step.text("http"));
        } else if (step.field("call").isPresent()) {
            var data = step.field("data").orElseThrow() instanceof Json.Struct ? "{\"count\":3}" : step.text("data");
            ground.push(step.text("from").replace("api@", ""), step.text("conId"), data);
        } else if (step.text("from").equals("amqp")) {
            ground.publish(step.text("exchange"), step.text("body"));
        } else if (step.text("note").startsWith("one frame of")) {
            player(step.text("from")).send(Frame.text("z".repeat(FRAME_MAX + 1)));
        } else {
            if (step.text("note").equals("RabbitMQ stopped")) {
                ground.stopBroker();
            }
            var player = player(step.text("from"));
            for (int i = 0; i < step.whole("repeat", 1); i++) {
                player.send(frame(step, i));
            }
        }
    }

    private static Frame frame(Json step, int index) {
        var text = Placeholders.expand(step.text("text").replace("<用户信息>", "1"), index);
        return switch (step.text("opcode")) {
            case "binary" -> Frame.binary(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case "close" -> Frame.close(step.whole("code", 0), text);
            default -> Frame.text(text);
        };
    }

    private Player player(String name) {
        var player = players.get(name);
        if (player == null) {
            throw new IllegalArgumentException("no client " + name + " among " + players.keySet());
        }
        return player;
    }

    // Requests

    private void ask(String words) {
        var expected =
                vector.field("expected").flatMap(all -> all.field("http")).orElseThrow();
        if (words.equals("upgrade without sign or sign=")) {
            for (var path : List.of("/", "/?sign=", "/?id=abc")) {
                assertEquals(404, request("upgrade", "GET", path).status(), path);
            }
            return;
        }
        var parts = HTTP.matcher(words);
        assertTrue(parts.matches(), () -> "a request that nobody understands yet: " + words);
        boolean upgrade = "upgrade".equals(parts.group(1));
        var answer =
                request(upgrade ? "upgrade" : "plain", parts.group(2) == null ? "GET" : parts.group(2), parts.group(3));
        assertEquals(expected.whole("status", 0), answer.status(), answer::toString);
        expected.field("body").ifPresent(body -> assertEquals(body.text(), answer.body()));
        expected.field("content_type").ifPresent(type -> assertEquals(type.text(), answer.header("Content-Type")));
    }

    private HttpAnswer request(String manner, String method, String path) {
        // The vectors' shorthand names the method after the manner, or first.
        var port = ground.uri("A", "/").getPort();
        var upgrade = Handshake.to("127.0.0.1", port, path).withMethod(method);
        return WsClient.ask(manner.equals("upgrade") ? upgrade : upgrade.plain());
    }

    // Answers

    private String difference(Json expected) {
        var text = new StringBuilder();
        if (expected instanceof Json.Struct(var fields)) {
            fields.forEach((client, frames) -> {
                if (!client.equals("http")
                        && !fits(frames.items(), player(client).heard())) {
                    text.append("\n  ").append(client).append(" must hear ").append(frames);
                    text.append("\n  ")
                            .append(client)
                            .append(" has heard ")
                            .append(player(client).heard());
                }
            });
        }
        return text.toString();
    }

    private static boolean fits(List<Json> expected, List<Frame> heard) {
        if (expected.size() == 1 && expected.getFirst() instanceof Json.Text(var words)) {
            if (words.startsWith("?")) {
                return true;
            } else if (words.equals("0..499 in order, each once")) {
                return isSeries(heard, 500);
            }
        }
        if (expected.size() != heard.size()) {
            return false;
        }
        for (int i = 0; i < heard.size(); i++) {
            if (!fits(expected.get(i), heard.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSeries(List<Frame> heard, int count) {
        for (int i = 0; i < heard.size(); i++) {
            if (!heard.get(i).text().equals("" + i)) {
                return false;
            }
        }
        return heard.size() == count;
    }

    private static boolean fits(Json expected, Frame frame) {
        if (expected.field("closed").isPresent()) {
            return frame.opcode() == Frame.CLOSE;
        } else if (expected.field("opcode").isPresent()) {
            return frame.opcode() == Frame.CLOSE
                    && frame.closeCode() == expected.whole("code", 0)
                    && frame.closeReason().equals(expected.text("text"));
        }
        boolean text = frame.opcode() == Frame.TEXT && frame.fin() && frame.reserved() == 0;
        return expected instanceof Json.Struct
                ? text && frame.text().matches(PUSHED)
                : text && Pattern.matches(pattern(expected.text()), frame.text());
    }

    static final String PUSHED = "\\{\"MessagDateTime\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,7})?"
            + "[+-]\\d\\d:\\d\\d\",\"Type\":2,\"DataInfo\":\\{\"count\":3}}";

    private static String pattern(String text) {
        return Pattern.quote(Placeholders.expand(text, 0))
                .replace("<epoch ms>", "\\E\\d{13}\\Q")
                .replace("own error, connection stays", "\\Eerror: .*\\Q")
                .replace("<message text of the JSON exception>", "\\Eerror: .*\\Q");
    }

    /** Everybody's node has said all it had to say when nothing new came for a while. */
    private void settle() {
        var quiet = Deadline.in(QUIET);
        while (!quiet.passed()) {
            for (var player : players.values()) {
                player.awaitPong("#" + FENCES.incrementAndGet());
            }
            ground.fence(players.values());
        }
    }
}
