package io.switchboard.protocols.centrifugal;

import io.switchboard.message.ByteArraySink;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes deltas in the format of the Fossil version control system: from a text and one that resembles it, what to copy
 * from the first and what to insert. Blocks of 16 bytes of the first are found by their hash wherever they turn up in
 * the second, and matches grow from there in both directions.
 *
 * <p>Copies begin and end where characters of UTF-8 do, so that a delta between two texts is a text.
 */
final class Fossil {
    private static final int BLOCK = 16;
    private static final int PRIME = 0x01000193;

    /** What the first byte of a block counts in its hash: the prime to the power of 15. */
    private static final int FIRST = power(PRIME, BLOCK - 1);

    /** Blocks with the same hash that are looked at, at most. */
    private static final int TRIES_MAX = 64;

    private static final byte[] DIGITS = digits();

    private final byte[] source;
    private final byte[] target;
    private final ByteArraySink out;

    /** For each hash the last block that has it, and for each block the one before with the same; -1 for none. */
    private final int[] heads;

    private final int[] nexts;

    private Fossil(byte[] source, byte[] target) {
        this.source = source;
        this.target = target;
        this.out = new ByteArraySink(Math.min(target.length, 512));
        int blocks = source.length / BLOCK;
        heads = new int[Integer.highestOneBit(Math.max(1, blocks)) * 2];
        nexts = new int[blocks];
        Arrays.fill(heads, -1);
        for (int i = 0; i < blocks; i++) {
            int bucket = bucket(hash(source, i * BLOCK));
            nexts[i] = heads[bucket];
            heads[bucket] = i;
        }
    }

    private static int power(int base, int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= base;
        }
        return power;
    }

    private static byte[] digits() {
        byte[] digits = new byte[64];
        String all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) all.charAt(i);
        }
        return digits;
    }

    /** The delta, or null where the target itself is no longer. */
    static byte @Nullable [] patchOrNull(byte[] source, byte[] target) {
        byte[] patch = new Fossil(source, target).patch();
        return patch.length < target.length ? patch : null;
    }

    static byte[] patch(byte[] source, byte[] target) {
        return new Fossil(source, target).patch();
    }

    private byte[] patch() {
        number(target.length);
        out.write((byte) '\n');
        int written = 0;
        int at = 0;
        int last = nexts.length == 0 ? -1 : target.length - BLOCK;
        int hash = last < 0 ? 0 : hash(target, 0);
        while (at <= last) {
            Match match = longest(at, hash, written);
            if (match == null) {
                if (at < last) {
                    hash = rolled(hash, target[at], target[at + BLOCK]);
                }
                at++;
            } else {
                insert(written, match.target);
                copy(match);
                written = match.target + match.length;
                at = written;
                hash = at <= last ? hash(target, at) : 0;
            }
        }
        insert(written, target.length);
        number(checksum(target) & 0xffff_ffffL);
        out.write((byte) ';');
        return out.toByteArray();
    }

    private record Match(int source, int target, int length) {}

    /** The longest match through the block at that place, not reaching back before {@code from}. */
    private @Nullable Match longest(int at, int hash, int from) {
        @Nullable Match best = null;
        int tries = TRIES_MAX;
        for (int i = heads[bucket(hash)]; i >= 0 && tries > 0; i = nexts[i]) {
            tries--;
            Match match = grown(i * BLOCK, at, from);
            if (match != null && (best == null || match.length > best.length)) {
                best = match;
            }
        }
        return best;
    }

    private @Nullable Match grown(int inSource, int inTarget, int from) {
        int end = 0;
        while (inSource + end < source.length
                && inTarget + end < target.length
                && source[inSource + end] == target[inTarget + end]) {
            end++;
        }
        if (end < BLOCK) {
            return null;
        }
        int back = 0;
        while (back < inSource
                && inTarget - back > from
                && source[inSource - back - 1] == target[inTarget - back - 1]) {
            back++;
        }
        int first = inTarget - back;
        int last = inTarget + end;
        while (first < last && isInsideCharacter(first)) {
            first++;
        }
        while (last > first && isInsideCharacter(last)) {
            last--;
        }
        boolean worthIt = last - first >= BLOCK;
        return worthIt ? new Match(inSource + first - inTarget, first, last - first) : null;
    }

    private boolean isInsideCharacter(int at) {
        return at < target.length && (target[at] & 0xc0) == 0x80;
    }

    private void insert(int from, int to) {
        if (to > from) {
            number(to - from);
            out.write((byte) ':');
            out.write(target, from, to - from);
        }
    }

    private void copy(Match match) {
        number(match.length);
        out.write((byte) '@');
        number(match.source);
        out.write((byte) ',');
    }

    private void number(long value) {
        if (value >= DIGITS.length) {
            number(value / DIGITS.length);
        }
        out.write(DIGITS[(int) (value % DIGITS.length)]);
    }

    private static int hash(byte[] bytes, int from) {
        int hash = 0;
        for (int i = from; i < from + BLOCK; i++) {
            hash = hash * PRIME + bytes[i];
        }
        return hash;
    }

    /** The hash of the block one byte further on. */
    private static int rolled(int hash, byte gone, byte come) {
        return (hash - gone * FIRST) * PRIME + come;
    }

    private int bucket(int hash) {
        return (hash ^ hash >>> 15) & (heads.length - 1);
    }

    /** The sum of big-endian words of four bytes, the last one filled up with zeros. */
    private static int checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xff) << (24 - 8 * (i & 3));
        }
        return sum;
    }
}
