package io.switchboard.bench.jmh;

import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Framing;
import io.switchboard.message.ByteArraySink;

/** Frames without headers, on the heap. */
final class ArrayFraming implements Framing {
    @Override
    public FrameBatch open(int sizeHint) {
        return new Batch(new ByteArraySink(sizeHint));
    }

    private record Batch(ByteArraySink bytes) implements FrameBatch {
        @Override
        public void begin(boolean text, int lengthHint) {}

        @Override
        public void end() {}

        @Override
        public void write(byte value) {
            bytes.write(value);
        }

        @Override
        public void write(byte[] source, int from, int length) {
            bytes.write(source, from, length);
        }

        @Override
        public int size() {
            return bytes.size();
        }

        @Override
        public void append(FrameBatch other) {
            byte[] frames = ((Batch) other).bytes.toByteArray();
            bytes.write(frames, 0, frames.length);
        }

        @Override
        public void release() {}
    }
}
