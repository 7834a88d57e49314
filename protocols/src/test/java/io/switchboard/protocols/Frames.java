package io.switchboard.protocols;

import io.switchboard.message.ByteArraySink;
import io.switchboard.protocol.Encoder;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.FrameSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The frames that an encoder makes, as texts. */
public final class Frames implements FrameSink {
    private final List<String> texts = new ArrayList<>();
    private ByteArraySink frame = new ByteArraySink(64);

    private Frames() {}

    public static List<String> of(Encoder encoder, Event event) {
        var frames = new Frames();
        encoder.encode(event, frames);
        return frames.texts;
    }

    @Override
    public void begin(boolean text, int lengthHint) {
        if (!text) {
            throw new AssertionError("a binary frame");
        }
        frame = new ByteArraySink(lengthHint);
    }

    @Override
    public void end() {
        texts.add(new String(frame.toByteArray(), StandardCharsets.UTF_8));
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
