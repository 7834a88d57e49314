package io.switchboard.transport.websocket;

import io.netty.buffer.ByteBufAllocator;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Framing;

/** Frames of RFC 6455 without extensions. */
public final class WebSocketFraming implements Framing {
    private static final int SIZE_MIN = 128;
    private final ByteBufAllocator allocator;

    public WebSocketFraming(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public FrameBatch open(int sizeHint) {
        return new Frames(allocator, Math.max(SIZE_MIN, sizeHint));
    }
}
