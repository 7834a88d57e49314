package io.switchboard.bench.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the frames of a client: whole, masked. */
final class Frames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** The longest header: two bytes, eight of length, four of mask. */
    static final int HEADER_MAX = 14;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Frames() {}

    /** Into a heap buffer with room enough. */
    static void write(ByteBuffer out, int opcode, byte[] from, int start, int length, int mask) {
        var to = out.array();
        int at = out.arrayOffset() + out.position();
        int begin = at;
        to[at++] = (byte) (0x80 | opcode);
        if (length < 126) {
            to[at++] = (byte) (0x80 | length);
        } else if (length < 65_536) {
            to[at++] = (byte) (0x80 | 126);
            to[at++] = (byte) (length >> 8);
            to[at++] = (byte) length;
        } else {
            to[at++] = (byte) (0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                to[at++] = (byte) ((long) length >> shift);
            }
        }
        for (int i = 0; i < 4; i++) {
            to[at++] = (byte) (mask >> (8 * i));
        }
        masked(from, start, length, to, at, mask);
        out.position(out.position() + at - begin + length);
    }

    private static void masked(byte[] from, int start, int length, byte[] to, int at, int mask) {
        long wide = (mask & 0xFFFF_FFFFL) | (long) mask << 32;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            LONGS.set(to, at + i, (long) LONGS.get(from, start + i) ^ wide);
        }
        for (; i < length; i++) {
            to[at + i] = (byte) (from[start + i] ^ (mask >> (8 * (i & 3))));
        }
    }
}
