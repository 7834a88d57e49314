package io.switchboard.checks.vectors;

import io.switchboard.checks.client.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What one frame must be. */
sealed interface Expectation {
    Pattern SERIES = Pattern.compile("(?s)(.*) for i = (\\d+)\\.\\.(\\d+) in order");
    Pattern COUNT = Pattern.compile("(\\d+) messages\\b.*");

    /** Whether the frame is it. Binary answers are right only where somebody wrote in binary. */
    boolean fits(Frame frame, boolean binaryToo);

    /** A whole text message. */
    record Text(String text) implements Expectation {
        @Override
        public boolean fits(Frame frame, boolean binaryToo) {
            boolean kind = frame.opcode() == Frame.TEXT || (binaryToo && frame.opcode() == Frame.BINARY);
            return kind && frame.fin() && frame.reserved() == 0 && frame.text().equals(text);
        }
    }

    /** A whole text message, whatever it says. */
    record AnyText() implements Expectation {
        @Override
        public boolean fits(Frame frame, boolean binaryToo) {
            return frame.opcode() == Frame.TEXT && frame.fin() && frame.reserved() == 0;
        }
    }

    /** A pong or a close; what the vector does not say may be anything. */
    record Other(Json json) implements Expectation {
        @Override
        public boolean fits(Frame frame, boolean binaryToo) {
            var text = frame.opcode() == Frame.CLOSE ? frame.closeReason() : frame.text();
            return frame.opcode() == opcode()
                    && json.field("code").stream().allMatch(code -> code.text().equals("" + frame.closeCode()))
                    && json.field("text").stream()
                            .allMatch(wanted ->
                                    Placeholders.expand(wanted.text(), 0).equals(text));
        }

        int opcode() {
            return switch (json.text("opcode")) {
                case "text" -> Frame.TEXT;
                case "binary" -> Frame.BINARY;
                case "close" -> Frame.CLOSE;
                case "ping" -> Frame.PING;
                case "pong" -> Frame.PONG;
                default -> throw new IllegalArgumentException("unknown opcode in " + json);
            };
        }
    }

    static List<Expectation> all(Json frames) {
        var all = new ArrayList<Expectation>();
        for (var frame : frames.items()) {
            if (frame instanceof Json.Text(var text)) {
                addTexts(all, text);
            } else {
                all.add(new Other(frame));
            }
        }
        return all;
    }

    private static void addTexts(List<Expectation> all, String text) {
        var series = SERIES.matcher(text);
        var count = COUNT.matcher(text);
        if (series.matches()) {
            for (int i = Integer.parseInt(series.group(2)); i <= Integer.parseInt(series.group(3)); i++) {
                all.add(new Text(Placeholders.expand(series.group(1), i)));
            }
        } else if (count.matches()) {
            for (int i = 0; i < Integer.parseInt(count.group(1)); i++) {
                all.add(new AnyText());
            }
        } else {
            all.add(new Text(Placeholders.expand(text, 0)));
        }
    }
}
