package io.switchboard.protocols.centrifugal;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What an encoder makes of events, and how tests write bytes. */
final class Spelled implements FrameSink {
    private final List<byte[]> frames = new ArrayList<>();
    private ByteArraySink frame = new ByteArraySink(16);

    static Spelled by(Dialect dialect) {
        return new Spelled(dialect);
    }

    private final CentrifugalEncoder encoder;
    private final Dialect dialect;

    private Spelled(Dialect dialect) {
        this.dialect = dialect;
        this.encoder = new CentrifugalEncoder(dialect);
    }

    CentrifugalEncoder encoder() {
        return encoder;
    }

    /** JSON as it is, Protobuf in hexadecimal digits, without its length; empty if there is no frame. */
    String one(Event event) {
        frames.clear();
        encoder.encode(event, this);
        return last();
    }

    String last() {
        if (frames.isEmpty()) {
            return "";
        }
        byte[] bytes = frames.get(0);
        if (dialect.json()) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        int length = 0;
        int at = 0;
        do {
            length |= (bytes[at] & 0x7f) << (7 * at);
        } while (bytes[at++] < 0);
        if (length != bytes.length - at) {
            throw new AssertionError("the length says " + length + ", there are " + (bytes.length - at));
        }
        return HexFormat.of().formatHex(Arrays.copyOfRange(bytes, at, bytes.length));
    }

    static ByteBuffer json(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Messages after their lengths. */
    static ByteBuffer protobuf(String... hex) {
        var out = new ByteArraySink(64);
        for (String one : hex) {
            byte[] bytes = HexFormat.of().parseHex(one);
            ProtobufWriter.varint(bytes.length, out);
            out.write(bytes);
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    static Message message(String json) {
        return Message.json(json);
    }

    @Override
    public void begin(boolean text, int lengthHint) {
        if (text != dialect.json()) {
            throw new AssertionError("a frame of the wrong kind");
        }
        frame = new ByteArraySink(lengthHint);
    }

    @Override
    public void end() {
        frames.add(frame.toByteArray());
    }

    @Override
    public void write(byte value) {
        frame.write(value);
    }

    @Override
    public void write(byte[] source, int from, int length) {
        frame.write(source, from, length);
    }
}
