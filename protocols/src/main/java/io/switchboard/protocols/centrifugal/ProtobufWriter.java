package io.switchboard.protocols.centrifugal;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.message.Sink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a message in Protobuf. A message within another is gathered first, for its length stands before it. */
final class ProtobufWriter implements WireWriter {
    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private ByteArraySink out = new ByteArraySink(256);
    private final Deque<ByteArraySink> outer = new ArrayDeque<>();
    private final Deque<Integer> numbers = new ArrayDeque<>();

    /** What was written. */
    ByteBuffer view() {
        return out.view();
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    @Override
    public void begin(int number, Shape shape) {
        outer.push(out);
        numbers.push(number);
        out = new ByteArraySink(128);
    }

    @Override
    public void end() {
        byte[] inner = out.toByteArray();
        out = outer.pop();
        bytes(numbers.pop(), inner);
    }

    private void bytes(int number, byte[] value) {
        tag(number, BYTES);
        varint(value.length, out);
        out.write(value);
    }

    private void tag(int number, int type) {
        varint(number << 3 | type, out);
    }

    static void varint(long value, Sink out) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.write((byte) rest);
    }

    /** How many bytes {@link #varint} writes. */
    static int varintLength(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    @Override
    public void text(int number, String value) {
        if (!value.isEmpty()) {
            bytes(number, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void fullText(int number, String value) {
        text(number, value);
    }

    @Override
    public void number(int number, long value) {
        if (value != 0) {
            tag(number, VARINT);
            varint(value, out);
        }
    }

    @Override
    public void fullNumber(int number, long value) {
        number(number, value);
    }

    @Override
    public void flag(int number, boolean value) {
        number(number, value ? 1 : 0);
    }

    @Override
    public void data(int number, @Nullable Message value) {
        if (value != null && value.length() > 0) {
            bytes(number, value.toByteArray());
        }
    }

    @Override
    public void textData(int number, byte[] value) {
        bytes(number, value);
    }

    @Override
    public <T> void list(int number, Shape shape, Iterable<T> values, Item<T> item) {
        for (T value : values) {
            begin(number, shape);
            item.write(value, this);
            end();
        }
    }

    @Override
    public <T> void map(int number, Shape shape, Map<String, T> values, Item<T> item) {
        values.forEach((name, value) -> {
            begin(number, shape);
            text(1, name);
            begin(2, shape);
            item.write(value, this);
            end();
            end();
        });
    }

    @Override
    public void texts(int number, Map<String, String> values) {
        values.forEach((name, value) -> {
            begin(number, Shape.NOTHING);
            text(1, name);
            text(2, value);
            end();
        });
    }
}
