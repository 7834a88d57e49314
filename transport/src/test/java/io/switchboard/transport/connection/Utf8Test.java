package io.switchboard.transport.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer decoded = CharBuffer.allocate(200);

    private boolean isWellFormed(byte[] bytes) {
        return decoder.reset()
                .decode(ByteBuffer.wrap(bytes), decoded.clear(), true)
                .isUnderflow();
    }

    private static int check(byte[] bytes) {
        return Utf8.check(Utf8.COMPLETE, ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    @Test
    void agreesWithThePlatformOnEverySequenceOfUpToThreeBytes() {
        byte[] three = new byte[3];
        for (int value = 0; value < 1 << 24; value++) {
            three[0] = (byte) (value >> 16);
            three[1] = (byte) (value >> 8);
            three[2] = (byte) value;
            // Sequences that begin with ASCII are those of two bytes.
            if (three[0] < 0 || three[0] == 'a') {
                boolean complete = check(three) == Utf8.COMPLETE;
                if (complete != isWellFormed(three)) {
                    throw new AssertionError("judged wrongly: " + Integer.toHexString(value));
                }
            }
        }
    }

    @Test
    void agreesWithThePlatformOnFourBytes() {
        for (int second = 0; second < 256; second++) {
            for (int first = 0xf0; first < 256; first++) {
                for (int third : new int[] {0x7f, 0x80, 0xbf, 0xc0}) {
                    byte[] four = {(byte) first, (byte) second, (byte) third, (byte) 0x80};
                    assertEquals(isWellFormed(four), check(four) == Utf8.COMPLETE);
                }
            }
        }
    }

    @Test
    void givesTheSameAnswerHoweverTheBytesAreCut() {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = randomText(random);
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int state = Utf8.COMPLETE;
            for (int from = 0; from < bytes.length && state != Utf8.INVALID; ) {
                int to = from + 1 + random.nextInt(bytes.length - from);
                state = Utf8.check(state, ByteBuffer.wrap(bytes), from, to);
                from = to;
            }
            assertEquals(isWellFormed(bytes), state == Utf8.COMPLETE);
        }
    }

    @Test
    void noticesTheFirstByteThatCannotBe() {
        byte[] surrogate = {'a', (byte) 0xed, (byte) 0xa0};
        assertEquals(Utf8.INVALID, check(surrogate));
        byte[] cut = {'a', (byte) 0xed};
        assertNotEquals(Utf8.INVALID, check(cut));
        assertNotEquals(Utf8.COMPLETE, check(cut));
    }

    private static byte[] randomText(Random random) {
        var text = new StringBuilder();
        int length = 1 + random.nextInt(40);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(8);
            int point = switch (kind) {
                case 0 -> 0x80 + random.nextInt(0x780);
                case 1 -> 0x4e00 + random.nextInt(0x5000);
                case 2 -> 0x10000 + random.nextInt(0x100000);
                case 3 -> 0xe000 + random.nextInt(0x1f00);
                default -> 0x20 + random.nextInt(0x5f);
            };
            text.appendCodePoint(point);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
