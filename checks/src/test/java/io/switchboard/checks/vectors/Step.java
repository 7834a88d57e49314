package io.switchboard.checks.vectors;

import io.switchboard.checks.client.Frame;
import java.nio.charset.StandardCharsets;

/** One thing that is put in. */
sealed interface Step {
    /** A client sends a frame, once or many times. */
    record Send(String client, Json frame, int repeat) implements Step {
        String opcode() {
            return frame.text("opcode");
        }

        boolean fin() {
            return frame.flag("fin", true);
        }

        Frame frame(int index) {
            var text = Placeholders.expand(frame.text("text"), index);
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var whole = switch (opcode()) {
                case "text", "" -> Frame.text(text);
                case "binary" -> Frame.binary(bytes);
                case "continuation" -> Frame.continuation(bytes);
                case "ping" -> Frame.ping(text);
                case "pong" -> Frame.pong(bytes);
                case "close" -> close(text);
                default -> throw new IllegalArgumentException("unknown opcode in " + frame);
            };
            return fin() ? whole : whole.unfinished();
        }

        private Frame close(String reason) {
            return frame.field("code").isEmpty() ? Frame.close() : Frame.close(frame.whole("code", 0), reason);
        }
    }

    /** Somebody else publishes on the broker. */
    record Publish(String channel, String payload) implements Step {}

    /** An HTTP request, in words such as {@code GET /chat/channel/1}. */
    record Http(String words) implements Step {}

    /** Something that happens to the broker. */
    enum Event implements Step {
        STOP_REDIS
    }

    static Step of(Json json) {
        if (json instanceof Json.Text(var words)) {
            return event(words);
        }
        if (json.field("http").isPresent()) {
            return new Http(json.text("http"));
        }
        if (json.text("from").equals("redis")) {
            return new Publish(json.text("channel"), Placeholders.expand(json.text("payload"), 0));
        }
        return new Send(json.text("from"), json, json.whole("repeat", 1));
    }

    private static Step event(String words) {
        return switch (words) {
            case "stop redis" -> Event.STOP_REDIS;
            default -> throw new IllegalArgumentException("a vector says what nobody understands yet: " + words);
        };
    }
}
