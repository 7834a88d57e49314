package io.switchboard.protocols.centrifugal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Deltas, put together again by a reader written from the description of the format alone. */
class FossilTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    @Test
    void whatIsTakenApartIsPutTogetherAgain() {
        var random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] source = new byte[random.nextInt(400)];
            for (int i = 0; i < source.length; i++) {
                source[i] = (byte) ('a' + random.nextInt(3));
            }
            byte[] target = changed(source, random);
            assertArrayEquals(target, applied(source, Fossil.patch(source, target)));
        }
    }

    private static byte[] changed(byte[] source, Random random) {
        var out = new ByteArrayOutputStream();
        int at = 0;
        while (at < source.length) {
            int length = Math.min(source.length - at, 1 + random.nextInt(80));
            if (random.nextInt(4) != 0) {
                out.write(source, at, length);
            }
            if (random.nextInt(3) == 0) {
                out.write('0' + random.nextInt(10));
            }
            at += length;
        }
        return out.toByteArray();
    }

    @Test
    void deltasBetweenTextsAreTexts() {
        String start = "жёлтый цвет и ещё немного текста, ";
        byte[] source = utf8(start + "зелёный, красный, и так далее до конца");
        byte[] target = utf8(start + "зелёный, кравный, и так далее до конца");
        byte[] patch = Fossil.patch(source, target);
        assertArrayEquals(patch, utf8(new String(patch, StandardCharsets.UTF_8)));
        assertArrayEquals(target, applied(source, patch));
        assertTrue(patch.length < target.length / 2);
    }

    @Test
    void whatIsNoShorterIsNoDelta() {
        assertNull(Fossil.patchOrNull(utf8("one"), utf8("another")));
    }

    @Test
    void checksumIsOfWordsOfFourBytes() {
        assertEquals("3\n3:abc1XObC0;", new String(Fossil.patch(new byte[0], utf8("abc")), StandardCharsets.UTF_8));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] applied(byte[] source, byte[] patch) {
        var reader = new Reader(patch);
        int size = (int) reader.number();
        reader.expect('\n');
        var out = new ByteArrayOutputStream();
        while (true) {
            long number = reader.number();
            switch (reader.next()) {
                case '@' -> {
                    int from = (int) reader.number();
                    reader.expect(',');
                    out.write(source, from, (int) number);
                }
                case ':' -> {
                    out.write(patch, reader.at, (int) number);
                    reader.at += (int) number;
                }
                case ';' -> {
                    assertEquals(size, out.size());
                    assertEquals(patch.length, reader.at);
                    assertEquals(checksum(out.toByteArray()), number);
                    return out.toByteArray();
                }
                default -> throw new AssertionError("no command at " + reader.at);
            }
        }
    }

    private static long checksum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xffL) << (24 - 8 * (i % 4));
        }
        return sum & 0xffff_ffffL;
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        long number() {
            long number = 0;
            for (int digit = DIGITS.indexOf(bytes[at]); digit >= 0; digit = DIGITS.indexOf(bytes[at])) {
                number = number * 64 + digit;
                at++;
            }
            return number;
        }

        int next() {
            return bytes[at++];
        }

        void expect(char c) {
            assertEquals(c, next());
        }
    }
}
