package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.switchboard.protocol.CloseReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The payload of close frames: a code and a reason, or nothing. */
final class CloseFrame {
    private static final int REASON_BYTES_MAX = 123;

    private CloseFrame() {}

    /** 1004-1006 and 1015 are for logs only; 1000-2999 are the standard's, 3000-4999 everybody's. */
    static boolean mayComeFromClient(int code) {
        return (code >= 3000 && code <= 4999) || (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006));
    }

    /** Reads a payload that has been checked. */
    static CloseReason read(ByteBuffer bytes, int from, int to) {
        byte[] reason = new byte[to - from - 2];
        bytes.get(from + 2, reason);
        return new CloseReason(bytes.getShort(from) & 0xffff, new String(reason, StandardCharsets.UTF_8));
    }

    /** A whole frame; without payload if there is no reason. */
    static ByteBuf write(ByteBufAllocator allocator, @Nullable CloseReason reason) {
        if (reason == null) {
            ByteBuf empty = allocator.directBuffer(2);
            FrameHeader.set(empty, 0, FrameHeader.CLOSE, 0);
            return empty.writerIndex(2);
        }
        byte[] text = reason.text().getBytes(StandardCharsets.UTF_8);
        int length = cut(text);
        ByteBuf frame = allocator.directBuffer(4 + length);
        FrameHeader.set(frame, 0, FrameHeader.CLOSE, 2 + length);
        return frame.writerIndex(2).writeShort(reason.code()).writeBytes(text, 0, length);
    }

    /** As much as fits and ends with a whole character. */
    private static int cut(byte[] text) {
        int length = Math.min(text.length, REASON_BYTES_MAX);
        while (length < text.length && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        return length;
    }
}
