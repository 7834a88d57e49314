package io.switchboard.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * What connections read into: one buffer for all of a loop, which stays in the cache of its core. A
 * handler that keeps bytes beyond its call copies them ({@link #keep}); one that holds on to the buffer itself does no
 * harm, the next read gets a buffer of its own.
 *
 * <p>A connection reads once in a turn at most, so one that sends as fast as it can waits for the others after
 * {@link #READ_BYTES}.
 */
public final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int READ_BYTES = 64 << 10;
    private static final int OWN_BYTES = 8 << 10;

    private final FastThreadLocal<ByteBuf> shared = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return ByteBufAllocator.DEFAULT.directBuffer(READ_BYTES, READ_BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    public ReadBuffers() {
        super(1);
    }

    /** The readable bytes in a buffer of their own; releases the one given. */
    public static ByteBuf keep(ByteBufAllocator allocator, ByteBuf read) {
        try {
            return allocator.directBuffer(read.readableBytes()).writeBytes(read);
        } finally {
            read.release();
        }
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own allocators still implement this form.
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return OWN_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return take(allocator);
            }
        };
    }

    /** The buffer of this loop, or one of its own if somebody still holds on to that; to be released. */
    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf buffer = shared.get();
        return buffer.refCnt() == 1 ? buffer.clear().retain() : allocator.ioBuffer(OWN_BYTES);
    }
}
