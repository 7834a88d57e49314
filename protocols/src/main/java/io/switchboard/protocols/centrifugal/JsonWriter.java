package io.switchboard.protocols.centrifugal;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.message.Sink;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a message as a JSON object, on one line. */
final class JsonWriter implements WireWriter {
    private static final byte[] B64 = "{\"b64\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] B64_END = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final int LONG_DIGITS = 20;

    private final Sink out;
    private Shape[] shapes = new Shape[6];
    private int depth;
    private boolean first = true;

    JsonWriter(Sink out, Shape shape) {
        this.out = out;
        open(shape);
    }

    /** Data as it stands in a message. */
    static String value(Message value) {
        var out = new ByteArraySink(value.length() + 16);
        new JsonWriter(out).content(value);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private JsonWriter(Sink out) {
        this.out = out;
    }

    private void open(Shape shape) {
        if (depth == shapes.length) {
            shapes = Arrays.copyOf(shapes, depth * 2);
        }
        shapes[depth++] = shape;
        out.write((byte) '{');
        first = true;
    }

    @Override
    public void end() {
        depth--;
        out.write((byte) '}');
        first = false;
    }

    private void label(int number) {
        comma();
        out.write(shapes[depth - 1].label(number));
    }

    private void comma() {
        if (first) {
            first = false;
        } else {
            out.write((byte) ',');
        }
    }

    @Override
    public void begin(int number, Shape shape) {
        label(number);
        open(shape);
    }

    @Override
    public void text(int number, String value) {
        if (!value.isEmpty()) {
            fullText(number, value);
        }
    }

    @Override
    public void fullText(int number, String value) {
        label(number);
        string(value);
    }

    private void string(String value) {
        JsonStrings.write(value.getBytes(StandardCharsets.UTF_8), out);
    }

    @Override
    public void number(int number, long value) {
        if (value != 0) {
            fullNumber(number, value);
        }
    }

    @Override
    public void fullNumber(int number, long value) {
        label(number);
        if (value < 0) {
            out.utf8(Long.toUnsignedString(value));
            return;
        }
        byte[] digits = new byte[LONG_DIGITS];
        int at = LONG_DIGITS;
        long rest = value;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        out.write(digits, at, LONG_DIGITS - at);
    }

    @Override
    public void flag(int number, boolean value) {
        if (value) {
            label(number);
            out.write(TRUE);
        }
    }

    @Override
    public void data(int number, @Nullable Message value) {
        if (value == null) {
            return;
        }
        label(number);
        content(value);
    }

    private void content(Message value) {
        switch (value.kind()) {
            case JSON -> onOneLine(value);
            case TEXT -> JsonStrings.write(value.toByteArray(), out);
            case BINARY -> {
                out.write(B64);
                out.write(Base64.getEncoder().encode(value.toByteArray()));
                out.write(B64_END);
            }
        }
    }

    /** JSON as it is, but for line ends: they end a message here. */
    private void onOneLine(Message json) {
        ByteBuffer bytes = json.view();
        int length = bytes.remaining();
        for (int i = 0; i < length; i++) {
            if (isLineEnd(bytes.get(i))) {
                withoutLineEnds(json.toByteArray());
                return;
            }
        }
        json.writeTo(out);
    }

    private void withoutLineEnds(byte[] bytes) {
        int clean = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (isLineEnd(bytes[i])) {
                out.write(bytes, clean, i - clean);
                clean = i + 1;
            }
        }
        out.write(bytes, clean, bytes.length - clean);
    }

    private static boolean isLineEnd(byte c) {
        return c == '\n' || c == '\r';
    }

    @Override
    public void textData(int number, byte[] value) {
        label(number);
        JsonStrings.write(value, out);
    }

    @Override
    public <T> void list(int number, Shape shape, Iterable<T> values, Item<T> item) {
        label(number);
        out.write((byte) '[');
        first = true;
        for (T value : values) {
            comma();
            open(shape);
            item.write(value, this);
            end();
        }
        out.write((byte) ']');
        first = false;
    }

    @Override
    public <T> void map(int number, Shape shape, Map<String, T> values, Item<T> item) {
        label(number);
        out.write((byte) '{');
        first = true;
        values.forEach((name, value) -> {
            name(name);
            open(shape);
            item.write(value, this);
            end();
        });
        out.write((byte) '}');
        first = false;
    }

    @Override
    public void texts(int number, Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        label(number);
        out.write((byte) '{');
        first = true;
        values.forEach((name, value) -> {
            name(name);
            string(value);
        });
        out.write((byte) '}');
        first = false;
    }

    private void name(String name) {
        comma();
        string(name);
        out.write((byte) ':');
    }
}
