package io.switchboard.transport.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.switchboard.protocol.CloseReason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final int[] LENGTHS = {0, 1, 125, 126, 127, 0xffff, 0x10000, 0x10001, 3_000_000};

    /** Reads one frame; returns its payload, leaves the rest. */
    private static String payload(ByteBuf frames, int opcode) {
        assertEquals(0x80 | opcode, frames.readUnsignedByte());
        int form = frames.readUnsignedByte();
        int length = form == 126 ? frames.readUnsignedShort() : form == 127 ? (int) frames.readLong() : form;
        assertEquals(form, length < 126 ? length : length < 0x10000 ? 126 : 127, "shortest form");
        return frames.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    }

    private static String content(int length) {
        var text = new StringBuilder(length);
        while (text.length() < length) {
            text.append(text.length()).append(' ');
        }
        text.setLength(length);
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 0xffff, 0x10000, 0x10001, 3_000_000})
    void frameIsRightWhateverLengthWasGuessed(int length) {
        for (int hint : LENGTHS) {
            var frames = (Frames) new WebSocketFraming(ByteBufAllocator.DEFAULT).open(128);
            try {
                frames.begin(true, 5);
                frames.utf8("before");
                frames.end();
                frames.begin(false, hint);
                frames.write(content(length).getBytes(StandardCharsets.US_ASCII));
                frames.end();
                int second = frames.size();
                frames.begin(true, 0);
                frames.write((byte) '!');
                frames.end();
                ByteBuf all = frames.retainedSlice(0, frames.size());
                try {
                    assertEquals("before", payload(all, FrameHeader.TEXT));
                    assertEquals(content(length), payload(all, FrameHeader.BINARY));
                    assertEquals(second, all.readerIndex());
                    assertEquals("!", payload(all, FrameHeader.TEXT));
                    assertEquals(0, all.readableBytes());
                } finally {
                    all.release();
                }
            } finally {
                frames.release();
            }
        }
    }

    @Test
    void whatAnEncoderDidNotFinishIsNotSent() {
        var frames = (Frames) new WebSocketFraming(ByteBufAllocator.DEFAULT).open(128);
        frames.begin(true, 2);
        frames.utf8("ok");
        frames.end();
        int size = frames.size();
        frames.begin(true, 2);
        frames.utf8("half");
        assertEquals(size, frames.size());
        frames.begin(true, 2);
        frames.utf8("later");
        frames.end();
        ByteBuf all = frames.retainedSlice(0, frames.size());
        frames.release();
        assertEquals("ok", payload(all, FrameHeader.TEXT));
        assertEquals("later", payload(all, FrameHeader.TEXT));
        all.release();
    }

    @Test
    void closeReasonIsCutAtACharacter() {
        ByteBuf frame = CloseFrame.write(ByteBufAllocator.DEFAULT, new CloseReason(1000, "a" + "é".repeat(100)));
        assertEquals(2 + 123, frame.getUnsignedByte(1));
        frame.skipBytes(4);
        assertEquals("a" + "é".repeat(61), frame.toString(StandardCharsets.UTF_8));
        frame.release();
    }
}
