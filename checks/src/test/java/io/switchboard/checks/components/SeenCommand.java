package io.switchboard.checks.components;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A command as MONITOR shows it: who sent it, its name in capitals, and its arguments with their exact bytes. */
public final class SeenCommand {
    private final String client;
    private final List<byte[]> words;

    private SeenCommand(String client, List<byte[]> words) {
        this.client = client;
        this.words = words;
    }

    /** Reads {@code 1700000000.123456 [0 127.0.0.1:40000] "PUBLISH" "all" "\"x\""}. */
    static SeenCommand parse(String line) {
        int open = line.indexOf('[');
        int close = line.indexOf("] ", open);
        var client = line.substring(line.indexOf(' ', open) + 1, close);
        return new SeenCommand(client, new QuotedWords(line.substring(close + 2)).all());
    }

    public String client() {
        return client;
    }

    public String name() {
        return word(0).toUpperCase(Locale.ROOT);
    }

    public int arguments() {
        return words.size() - 1;
    }

    public String argument(int index) {
        return word(index + 1);
    }

    public byte[] argumentBytes(int index) {
        return words.get(index + 1).clone();
    }

    @Override
    public String toString() {
        var text = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            text.add(word(i));
        }
        return String.join(" ", text);
    }

    private String word(int index) {
        return new String(words.get(index), StandardCharsets.UTF_8);
    }
}
