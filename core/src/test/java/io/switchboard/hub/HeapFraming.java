package io.switchboard.hub;

import io.switchboard.message.ByteArraySink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Frames on the heap, each ended by a line feed; counts how many batches were opened and not yet released. */
final class HeapFraming implements Framing {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger held = new AtomicInteger();

    @Override
    public FrameBatch open(int sizeHint) {
        opened.incrementAndGet();
        held.incrementAndGet();
        return new Batch();
    }

    static String text(FrameBatch batch, int from, int to) {
        byte[] bytes = ((Batch) batch).bytes.toByteArray();
        return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8);
    }

    private final class Batch implements FrameBatch {
        private final ByteArraySink bytes = new ByteArraySink(64);

        @Override
        public void begin(boolean text, int lengthHint) {}

        @Override
        public void end() {
            bytes.write((byte) '\n');
        }

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
        public void release() {
            if (held.decrementAndGet() < 0) {
                throw new IllegalStateException("released more often than opened");
            }
        }
    }
}
