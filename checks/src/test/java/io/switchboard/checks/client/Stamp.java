package io.switchboard.checks.client;

import java.util.Optional;

/**
 * What a message of a crowd carries inside its text, so that whoever hears it in whatever words can tell which one it
 * is: the stream (one sender to one topic) and a number that counts from 0.
 */
public record Stamp(String stream, int number) {
    private static final String OPEN = "[#";
    private static final String CLOSE = "#]";

    public static Stamp of(String topic, String sender, int number) {
        return new Stamp(stream(topic, sender), number);
    }

    public static String stream(String topic, String sender) {
        return topic + "<" + sender;
    }

    /** As it stands in a text. */
    public String text() {
        return OPEN + stream + " " + number + CLOSE;
    }

    /** Empty if the text carries none. */
    static Optional<Stamp> find(String text) {
        int open = text.indexOf(OPEN);
        int close = text.indexOf(CLOSE, open + 1);
        int space = text.lastIndexOf(' ', close);
        if (open < 0 || close < 0 || space < open) {
            return Optional.empty();
        }
        var stream = text.substring(open + OPEN.length(), space);
        return Optional.of(new Stamp(stream, Integer.parseInt(text, space + 1, close, 10)));
    }
}
