package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Answers to pings of a client that does not read: one is on its way, and the latest waits behind it. Pings that come
 * meanwhile replace it, as the standard permits, so a flood of them takes up no memory.
 */
final class Pongs implements ChannelFutureListener {
    private final FrameSender sender;
    private boolean underWay;
    private @Nullable ByteBuf latest;

    Pongs(FrameSender sender) {
        this.sender = sender;
    }

    /** A control frame with that payload. */
    static ByteBuf frame(ByteBufAllocator allocator, int opcode, ByteBuffer bytes, int from, int to) {
        ByteBuf frame = allocator.directBuffer(2 + to - from);
        FrameHeader.set(frame, 0, opcode, to - from);
        bytes.limit(to).position(from);
        frame.writerIndex(2).writeBytes(bytes);
        bytes.clear();
        return frame;
    }

    void send(ByteBuf pong) {
        if (underWay) {
            drop();
            latest = pong;
        } else {
            underWay = true;
            sender.writeNow(pong).addListener(this);
        }
    }

    @Override
    public void operationComplete(ChannelFuture written) {
        underWay = false;
        ByteBuf next = latest;
        if (next != null && written.isSuccess()) {
            latest = null;
            send(next);
        } else {
            drop();
        }
    }

    void drop() {
        ByteBuf waiting = latest;
        if (waiting != null) {
            latest = null;
            waiting.release();
        }
    }
}
