package io.switchboard.transport.connection;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Checks UTF-8 piece by piece, as strictly as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. A
 * state says what may follow; text is well-formed if it ends in {@link #COMPLETE}, and cannot become so again after
 * {@link #INVALID}.
 */
final class Utf8 {
    static final int COMPLETE = 0;
    static final int INVALID = 8;

    /** States in which that many continuation bytes are missing. */
    private static final int ONE = 1;

    private static final int TWO = 2;
    private static final int THREE = 3;

    /** States after a first byte whose next one is bounded more narrowly. */
    private static final int AFTER_E0 = 4;

    private static final int AFTER_ED = 5;
    private static final int AFTER_F0 = 6;
    private static final int AFTER_F4 = 7;

    private static final long NOT_ASCII = 0x8080808080808080L;
    private static final byte[] NEXT = table();

    private Utf8() {}

    /** The state after the bytes from {@code from} to {@code to}, or INVALID. */
    static int check(int state, ByteBuffer bytes, int from, int to) {
        int now = state;
        int i = from;
        while (i < to) {
            if (now == COMPLETE) {
                while (i + Long.BYTES <= to && (bytes.getLong(i) & NOT_ASCII) == 0) {
                    i += Long.BYTES;
                }
                if (i == to) {
                    return COMPLETE;
                }
            }
            now = NEXT[(now << Byte.SIZE) | (bytes.get(i++) & 0xff)];
            if (now == INVALID) {
                return INVALID;
            }
        }
        return now;
    }

    private static byte[] table() {
        byte[] next = new byte[INVALID << Byte.SIZE];
        Arrays.fill(next, (byte) INVALID);
        allow(next, COMPLETE, 0x00, 0x7f, COMPLETE);
        allow(next, COMPLETE, 0xc2, 0xdf, ONE);
        allow(next, COMPLETE, 0xe0, 0xe0, AFTER_E0);
        allow(next, COMPLETE, 0xe1, 0xef, TWO);
        allow(next, COMPLETE, 0xed, 0xed, AFTER_ED);
        allow(next, COMPLETE, 0xf0, 0xf0, AFTER_F0);
        allow(next, COMPLETE, 0xf1, 0xf3, THREE);
        allow(next, COMPLETE, 0xf4, 0xf4, AFTER_F4);
        allow(next, ONE, 0x80, 0xbf, COMPLETE);
        allow(next, TWO, 0x80, 0xbf, ONE);
        allow(next, THREE, 0x80, 0xbf, TWO);
        allow(next, AFTER_E0, 0xa0, 0xbf, ONE);
        allow(next, AFTER_ED, 0x80, 0x9f, ONE);
        allow(next, AFTER_F0, 0x90, 0xbf, TWO);
        allow(next, AFTER_F4, 0x80, 0x8f, TWO);
        return next;
    }

    private static void allow(byte[] next, int state, int first, int last, int then) {
        for (int value = first; value <= last; value++) {
            next[(state << Byte.SIZE) | value] = (byte) then;
        }
    }
}
