package io.switchboard.checks.client;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The bytes of RFC 6455, in both directions, without any opinion about what is allowed. */
final class FrameCodec {
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;

    private FrameCodec() {}

    static byte[] masked(Frame frame) {
        var bytes = ByteBuffer.allocate(14 + frame.payload().remaining());
        head(bytes, frame, MASKED);
        int key = ThreadLocalRandom.current().nextInt();
        bytes.putInt(key);
        var payload = frame.payload().duplicate();
        for (int i = 0; payload.hasRemaining(); i++) {
            bytes.put((byte) (payload.get() ^ (key >>> (24 - 8 * (i & 3)))));
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static byte[] unmasked(Frame frame) {
        var bytes = ByteBuffer.allocate(10 + frame.payload().remaining());
        head(bytes, frame, 0);
        bytes.put(frame.payload().duplicate());
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void head(ByteBuffer bytes, Frame frame, int mask) {
        int length = frame.payload().remaining();
        bytes.put((byte) ((frame.fin() ? FIN : 0) | frame.reserved() << 4 | frame.opcode()));
        if (length < 126) {
            bytes.put((byte) (mask | length));
        } else if (length < 65_536) {
            bytes.put((byte) (mask | 126)).putShort((short) length);
        } else {
            bytes.put((byte) (mask | 127)).putLong(length);
        }
    }

    /** Takes one whole unmasked frame off the front, or takes nothing. */
    static Optional<Frame> decode(ByteBuffer bytes) {
        int start = bytes.position();
        int available = bytes.remaining();
        if (available < 2) {
            return Optional.empty();
        }
        int first = bytes.get(start);
        int second = bytes.get(start + 1);
        if ((second & MASKED) != 0) {
            throw new AssertionError("the server masked a frame, which the standard forbids");
        }
        int headBytes = switch (second) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
        if (available < headBytes) {
            return Optional.empty();
        }
        long length = switch (second) {
            case 126 -> bytes.getShort(start + 2) & 0xFFFF;
            case 127 -> bytes.getLong(start + 2);
            default -> second;
        };
        if (available - headBytes < length) {
            return Optional.empty();
        }
        var payload = new byte[(int) length];
        bytes.position(start + headBytes).get(payload);
        return Optional.of(new Frame((first & FIN) != 0, first >>> 4 & 7, first & 15, ByteBuffer.wrap(payload)));
    }
}
