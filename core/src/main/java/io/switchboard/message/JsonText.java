package io.switchboard.message;

/** Checks that bytes are exactly one JSON value (RFC 8259), without building anything. Nesting is bounded. */
final class JsonText {
    private static final int DEPTH_MAX = 256;

    private final byte[] bytes;
    private int at;

    private JsonText(byte[] bytes) {
        this.bytes = bytes;
    }

    static void check(byte[] bytes) {
        var text = new JsonText(bytes);
        text.space();
        text.value(0);
        text.space();
        if (text.at != bytes.length) {
            throw text.wrong("the end");
        }
    }

    private void value(int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("JSON is nested deeper than " + DEPTH_MAX);
        }
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void object(int depth) {
        at++;
        space();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            space();
            string();
            space();
            expect(':');
            space();
            value(depth + 1);
            space();
            if (peek() == '}') {
                at++;
                return;
            }
            expect(',');
        }
    }

    private void array(int depth) {
        at++;
        space();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            space();
            value(depth + 1);
            space();
            if (peek() == ']') {
                at++;
                return;
            }
            expect(',');
        }
    }

    private void string() {
        expect('"');
        while (true) {
            int c = peek();
            at++;
            if (c == '"') {
                return;
            } else if (c == '\\') {
                escape();
            } else if (c < 0x20) {
                at--;
                throw wrong("a character of a string");
            }
        }
    }

    private void escape() {
        int c = peek();
        at++;
        if (c == 'u') {
            for (int i = 0; i < 4; i++) {
                if (Character.digit(peek(), 16) < 0) {
                    throw wrong("a hexadecimal digit");
                }
                at++;
            }
        } else if ("\"\\/bfnrt".indexOf(c) < 0) {
            at--;
            throw wrong("an escape");
        }
    }

    private void number() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < bytes.length && bytes[at] == '.') {
            at++;
            digits();
        }
        if (at < bytes.length && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        if (!isDigit(peek())) {
            throw wrong("a JSON value");
        }
        while (at < bytes.length && isDigit(bytes[at])) {
            at++;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private void space() {
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    private int peek() {
        if (at >= bytes.length) {
            throw wrong("more");
        }
        return bytes[at] & 0xff;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("not JSON: expected " + expected + " at byte " + at);
    }
}
