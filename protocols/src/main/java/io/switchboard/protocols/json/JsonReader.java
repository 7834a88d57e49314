package io.switchboard.protocols.json;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A pull reader over one JSON document in UTF-8 (RFC 8259). Names and values are taken in the order they stand; nothing
 * is built that was not asked for. Nesting is bounded. After an exception the reader is of no more use.
 */
public final class JsonReader {
    private static final int DEPTH_MAX = 256;

    /** The kind of the value that comes next. */
    public enum Token {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL
    }

    private final byte[] in;
    private final int end;
    private int at;

    public JsonReader(byte[] in, int from, int length) {
        this.in = in;
        this.at = from;
        this.end = from + length;
    }

    /** A reader of the remaining bytes, which are copied. */
    public static JsonReader of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new JsonReader(bytes, 0, bytes.length);
    }

    /** A JSON message without insignificant white space; any other as it is. */
    public static Message compacted(Message message) {
        if (message.kind() != Message.Kind.JSON) {
            return message;
        }
        try {
            return Message.validated(Message.Kind.JSON, of(message.view()).compact());
        } catch (MalformedException e) {
            throw new IllegalStateException("a JSON message was checked when it was made", e);
        }
    }

    /**
     * The message for those who hear texts: a JSON string, which is how other protocols say a text, is its content,
     * other JSON is compacted.
     */
    public static Message plain(Message message) {
        if (message.kind() != Message.Kind.JSON) {
            return message;
        }
        try {
            JsonReader reader = of(message.view());
            return reader.peek() == Token.STRING
                    ? Message.validated(Message.Kind.TEXT, reader.stringBytes())
                    : Message.validated(Message.Kind.JSON, reader.compact());
        } catch (MalformedException e) {
            throw new IllegalStateException("a JSON message was checked when it was made", e);
        }
    }

    public Token peek() throws MalformedException {
        space();
        return switch (current()) {
            case '{' -> Token.OBJECT;
            case '[' -> Token.ARRAY;
            case '"' -> Token.STRING;
            case 't' -> Token.TRUE;
            case 'f' -> Token.FALSE;
            case 'n' -> Token.NULL;
            default -> {
                if (current() != '-' && !isDigit(current())) {
                    throw wrong("a value");
                }
                yield Token.NUMBER;
            }
        };
    }

    public void beginObject() throws MalformedException {
        expect('{', "an object");
    }

    /** Moves to the next member: true if there is one, whose {@link #name} comes next. */
    public boolean hasMember(boolean first) throws MalformedException {
        space();
        if (current() == '}') {
            at++;
            return false;
        }
        if (!first) {
            expect(',', "',' or '}'");
        }
        return true;
    }

    public void beginArray() throws MalformedException {
        expect('[', "an array");
    }

    /** Moves to the next item of an array: true if there is one. */
    public boolean hasItem(boolean first) throws MalformedException {
        space();
        if (current() == ']') {
            at++;
            return false;
        }
        if (!first) {
            expect(',', "',' or ']'");
        }
        return true;
    }

    /** A member's name, up to and including its colon. */
    public String name() throws MalformedException {
        String name = string();
        expect(':', "':'");
        return name;
    }

    /**
     * A member's name, up to and including its colon, as its place among those given, or -1. They are lower-case ASCII;
     * the document may write them in any case.
     */
    public int nameAmong(String[] names) throws MalformedException {
        ByteBuffer name = stringBytes();
        expect(':', "':'");
        for (int i = 0; i < names.length; i++) {
            if (matches(name, names[i])) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(ByteBuffer name, String lowerCase) {
        int length = lowerCase.length();
        if (name.remaining() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int c = name.get(name.position() + i);
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public String string() throws MalformedException {
        space();
        ByteBuffer bytes = stringBytes();
        return new String(
                bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining(), StandardCharsets.UTF_8);
    }

    /** A string's content in UTF-8: a view of the input where nothing was escaped. Halves of pairs become U+FFFD. */
    public ByteBuffer stringBytes() throws MalformedException {
        expect('"', "a string");
        int from = at;
        while (true) {
            byte c = current();
            if (c == '"') {
                return ByteBuffer.wrap(in, from, at++ - from);
            } else if (c == '\\') {
                return unescaped(from);
            } else if (c >= 0 && c < 0x20) {
                throw wrong("no control character in a string");
            }
            at++;
        }
    }

    private ByteBuffer unescaped(int from) throws MalformedException {
        var out = new ByteArraySink(end - from);
        out.write(in, from, at - from);
        while (true) {
            byte c = current();
            at++;
            if (c == '"') {
                return out.view();
            } else if (c == '\\') {
                escape(out);
            } else if (c >= 0 && c < 0x20) {
                throw wrong("no control character in a string");
            } else {
                out.write(c);
            }
        }
    }

    private void escape(ByteArraySink out) throws MalformedException {
        byte c = current();
        at++;
        switch (c) {
            case '"', '\\', '/' -> out.write(c);
            case 'b' -> out.write((byte) '\b');
            case 'f' -> out.write((byte) '\f');
            case 'n' -> out.write((byte) '\n');
            case 'r' -> out.write((byte) '\r');
            case 't' -> out.write((byte) '\t');
            case 'u' -> unicode(out);
            default -> throw wrong("an escape");
        }
    }

    private void unicode(ByteArraySink out) throws MalformedException {
        char high = hex();
        if (Character.isHighSurrogate(high) && at + 1 < end && in[at] == '\\' && in[at + 1] == 'u') {
            int back = at;
            at += 2;
            char low = hex();
            if (Character.isLowSurrogate(low)) {
                out.utf8(Character.toString(Character.toCodePoint(high, low)));
                return;
            }
            at = back;
        }
        out.utf8(Character.isSurrogate(high) ? "\uFFFD" : Character.toString(high));
    }

    private char hex() throws MalformedException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(current(), 16);
            if (digit < 0) {
                throw wrong("a hexadecimal digit");
            }
            value = value << 4 | digit;
            at++;
        }
        return (char) value;
    }

    /** A number as it is written. */
    public String number() throws MalformedException {
        space();
        int from = at;
        skipNumber();
        return new String(in, from, at - from, StandardCharsets.US_ASCII);
    }

    /** Passes over a value of any kind. */
    public void skip() throws MalformedException {
        value(null, 0);
    }

    /** A value of any kind as JSON text without insignificant white space. */
    public ByteBuffer compact() throws MalformedException {
        var out = new ByteArraySink(Math.min(end - at, 256));
        value(out, 0);
        return out.view();
    }

    /** A value of any kind as it stands: a view of the input. */
    public ByteBuffer raw() throws MalformedException {
        space();
        int from = at;
        skip();
        return ByteBuffer.wrap(in, from, at - from);
    }

    /** Checks that nothing but white space is left. */
    public void end() throws MalformedException {
        space();
        if (at != end) {
            throw wrong("the end");
        }
    }

    private void value(@Nullable ByteArraySink out, int depth) throws MalformedException {
        if (depth > DEPTH_MAX) {
            throw new MalformedException("JSON is nested deeper than " + DEPTH_MAX);
        }
        Token token = peek();
        int from = at;
        switch (token) {
            case OBJECT, ARRAY -> {
                container(token == Token.OBJECT, out, depth);
                return;
            }
            case STRING -> stringBytes();
            case NUMBER -> skipNumber();
            case TRUE -> word("true");
            case FALSE -> word("false");
            case NULL -> word("null");
        }
        if (out != null) {
            out.write(in, from, at - from);
        }
    }

    private void container(boolean object, @Nullable ByteArraySink out, int depth) throws MalformedException {
        byte close = (byte) (object ? '}' : ']');
        byte separator = in[at++];
        space();
        if (current() == close) {
            put(out, separator);
        }
        while (current() != close) {
            put(out, separator);
            if (object) {
                space();
                int from = at;
                stringBytes();
                if (out != null) {
                    out.write(in, from, at - from);
                }
                expect(':', "':'");
                put(out, (byte) ':');
            }
            value(out, depth + 1);
            space();
            if (current() != close) {
                expect(',', "',' or the end");
                separator = ',';
                space();
                if (current() == close) {
                    throw wrong("a value");
                }
            }
        }
        at++;
        put(out, close);
    }

    private static void put(@Nullable ByteArraySink out, byte c) {
        if (out != null) {
            out.write(c);
        }
    }

    private void skipNumber() throws MalformedException {
        if (current() == '-') {
            at++;
        }
        if (current() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && in[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (current() == '+' || current() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() throws MalformedException {
        if (!isDigit(current())) {
            throw wrong("a digit");
        }
        while (at < end && isDigit(in[at])) {
            at++;
        }
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private void word(String word) throws MalformedException {
        for (int i = 0; i < word.length(); i++) {
            if (current() != word.charAt(i)) {
                throw wrong(word);
            }
            at++;
        }
    }

    private void expect(char c, String what) throws MalformedException {
        space();
        if (current() != c) {
            throw wrong(what);
        }
        at++;
    }

    private void space() {
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private byte current() throws MalformedException {
        if (at >= end) {
            throw wrong("more");
        }
        return in[at];
    }

    private MalformedException wrong(String expected) {
        return new MalformedException("not JSON: expected " + expected + " at byte " + at);
    }
}
