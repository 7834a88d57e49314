package io.switchboard.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What every payload begins with: {@code ~b~}, the run, who published it, its number, when it was meant to be sent and
 * how much later it was sent. Letters, digits, - and _ only, so that it survives JSON, URLs and any envelope unchanged,
 * and of fixed length, so that it is found and read without an object.
 */
public final class Stamp {
    /** The smallest payload. */
    public static final int LENGTH = 30;

    private static final byte[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUES = values();
    private static final int RUN = 3;
    private static final int PUBLISHER = 5;
    private static final int NUMBER = 9;
    private static final int INTENDED = 15;
    private static final int LAG = 24;
    /** 64 to the power of the places of the lag: nanoseconds, about a minute. */
    private static final long LAG_MAX = (1L << 36) - 1;

    private Stamp() {}

    /** The times are nanoseconds since a start that all clients of the run share. */
    public static void write(byte[] to, int at, int run, int publisher, long number, long intended, long lag) {
        to[at] = '~';
        to[at + 1] = 'b';
        to[at + 2] = '~';
        write(to, at + RUN, 2, run);
        write(to, at + PUBLISHER, 4, publisher);
        write(to, at + NUMBER, 6, number);
        write(to, at + INTENDED, 9, intended);
        write(to, at + LAG, 6, Math.min(lag, LAG_MAX));
    }

    /** Where the next stamp is, or -1. It is looked for first where the last one was. */
    public static int find(byte[] in, int from, int to, int hint) {
        int last = to - LENGTH;
        int guess = from + hint;
        if (guess <= last && isAt(in, guess)) {
            return guess;
        }
        for (int at = from; at <= last; at++) {
            if (in[at] == '~' && isAt(in, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] in, int at) {
        return in[at] == '~' && in[at + 1] == 'b' && in[at + 2] == '~';
    }

    /** Each of these is -1 where something that is no digit has come between. */
    public static long run(byte[] in, int at) {
        return read(in, at + RUN, 2);
    }

    public static long publisher(byte[] in, int at) {
        return read(in, at + PUBLISHER, 4);
    }

    public static long number(byte[] in, int at) {
        return read(in, at + NUMBER, 6);
    }

    public static long intended(byte[] in, int at) {
        return read(in, at + INTENDED, 9);
    }

    public static long lag(byte[] in, int at) {
        return read(in, at + LAG, 6);
    }

    private static void write(byte[] to, int at, int places, long value) {
        long rest = value;
        for (int i = at + places - 1; i >= at; i--) {
            to[i] = DIGITS[(int) (rest & 63)];
            rest >>>= 6;
        }
    }

    private static long read(byte[] in, int at, int places) {
        long value = 0;
        // A value that is no digit is negative, and stays so through the or.
        int wrong = 0;
        for (int i = at; i < at + places; i++) {
            int digit = VALUES[in[i] & 0xFF];
            wrong |= digit;
            value = (value << 6) | (digit & 63);
        }
        return wrong < 0 ? -1 : value;
    }

    private static byte[] values() {
        var values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            values[DIGITS[i]] = (byte) i;
        }
        return values;
    }
}
