package io.switchboard.message;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing byte array. */
public final class ByteArraySink implements Sink {
    private byte[] bytes;
    private int size;

    public ByteArraySink(int sizeHint) {
        bytes = new byte[Math.max(16, sizeHint)];
    }

    @Override
    public void write(byte value) {
        reserve(1);
        bytes[size++] = value;
    }

    @Override
    public void write(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    public int size() {
        return size;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** A view of what was written so far; later writes do not show in it. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
