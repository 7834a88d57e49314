package io.switchboard.checks.components;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Undoes the quoting of MONITOR: words in double quotes, with backslash escapes for what is not printable ASCII. */
final class QuotedWords {
    private final String text;
    private int at;

    QuotedWords(String text) {
        this.text = text;
    }

    List<byte[]> all() {
        var words = new ArrayList<byte[]>();
        while (at < text.length()) {
            if (text.charAt(at) == '"') {
                at++;
                words.add(word());
            } else {
                at++;
            }
        }
        return words;
    }

    private byte[] word() {
        var bytes = new ByteArrayOutputStream();
        while (true) {
            char next = text.charAt(at++);
            switch (next) {
                case '"' -> {
                    return bytes.toByteArray();
                }
                case '\\' -> bytes.write(escaped());
                default -> bytes.write(next);
            }
        }
    }

    private int escaped() {
        char next = text.charAt(at++);
        return switch (next) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'x' -> {
                at += 2;
                yield Integer.parseInt(text, at - 2, at, 16);
            }
            default -> next;
        };
    }
}
