package io.switchboard.message;

import java.nio.charset.StandardCharsets;

/** Where bytes are written one after another: an envelope, a frame, a batch of frames. One thread at a time. */
public interface Sink {
    void write(byte value);

    void write(byte[] source, int from, int length);

    default void write(byte[] source) {
        write(source, 0, source.length);
    }

    /** Eight bytes, the highest first. */
    default void writeLong(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            write((byte) (value >>> shift));
        }
    }

    /** Writes the UTF-8 form of {@code text}. */
    default void utf8(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }
}
