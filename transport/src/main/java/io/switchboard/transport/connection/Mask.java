package io.switchboard.transport.connection;

import java.nio.ByteBuffer;

/** The masking of clients' frames: every byte is combined with one of four key bytes in turn. */
final class Mask {
    private Mask() {}

    /** Unmasks in place; the first byte of {@code key} (its highest) belongs to the byte at {@code from}. */
    static void apply(int key, ByteBuffer bytes, int from, int to) {
        if (key == 0) {
            return;
        }
        int i = from;
        long twice = ((long) key << Integer.SIZE) | (key & 0xffffffffL);
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            bytes.putLong(i, bytes.getLong(i) ^ twice);
        }
        for (int rest = key; i < to; i++) {
            rest = Integer.rotateLeft(rest, Byte.SIZE);
            bytes.put(i, (byte) (bytes.get(i) ^ rest));
        }
    }

    /** The key for what follows after that many bytes. */
    static int after(int key, int bytes) {
        return Integer.rotateLeft(key, (bytes & 3) * Byte.SIZE);
    }
}
