package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Framing;

/** Frames of RFC 6455 without extensions. */
public final class WebSocketFraming implements Framing {
    private static final int SIZE_MIN = 128;

    private static final Form FORM = new Form() {
        @Override
        public int headSize(boolean text, int length) {
            return FrameHeader.size(length);
        }

        @Override
        public void writeHead(boolean text, ByteBuf bytes, int at, int length) {
            FrameHeader.set(bytes, at, text ? FrameHeader.TEXT : FrameHeader.BINARY, length);
        }

        @Override
        public void writeTail(boolean text, ByteBuf bytes) {
            // A frame says its length before, and ends with its payload.
        }

        @Override
        public boolean settle(boolean text, ByteBuf bytes, int from) {
            return true;
        }
    };

    private final ByteBufAllocator allocator;

    public WebSocketFraming(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public FrameBatch open(int sizeHint) {
        return new Frames(FORM, allocator, Math.max(SIZE_MIN, sizeHint));
    }
}
