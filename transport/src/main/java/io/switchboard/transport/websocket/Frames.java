package io.switchboard.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.unix.Socket;
import io.switchboard.hub.FrameBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * WebSocket frames one after another in one direct buffer. Room for a header is left by a guess of the length; where
 * the guess was wrong the payload is moved.
 */
final class Frames implements FrameBatch {
    /** A cache line: the kernel copies markedly faster from where one begins. */
    private static final int ALIGNMENT = 64;

    private final ByteBuf bytes;

    /** Where the first frame stands in the buffer. */
    private final int first;

    private int opcode;
    private int begin;
    private int reserved;
    private int finished;

    Frames(ByteBufAllocator allocator, int sizeHint) {
        bytes = allocator.directBuffer(sizeHint + ALIGNMENT - 1);
        first = bytes.hasMemoryAddress() ? (int) -bytes.memoryAddress() & ALIGNMENT - 1 : 0;
        finished = first;
    }

    @Override
    public void begin(boolean text, int lengthHint) {
        opcode = text ? FrameHeader.TEXT : FrameHeader.BINARY;
        // What an encoder wrote before it failed is no frame.
        begin = finished;
        reserved = FrameHeader.size(lengthHint);
        bytes.writerIndex(begin);
        bytes.ensureWritable(reserved + Math.max(0, lengthHint));
        bytes.writerIndex(begin + reserved);
    }

    @Override
    public void write(byte value) {
        bytes.writeByte(value);
    }

    @Override
    public void write(byte[] source, int from, int length) {
        bytes.writeBytes(source, from, length);
    }

    @Override
    public void utf8(String text) {
        ByteBufUtil.writeUtf8(bytes, text);
    }

    @Override
    public void end() {
        int length = bytes.writerIndex() - begin - reserved;
        int needed = FrameHeader.size(length);
        if (needed != reserved) {
            move(begin + reserved, begin + needed, length);
        }
        FrameHeader.set(bytes, begin, opcode, length);
        finished = begin + needed + length;
        bytes.writerIndex(finished);
    }

    private void move(int from, int to, int length) {
        bytes.ensureWritable(Math.max(0, to - from));
        int low = Math.min(from, to);
        ByteBuffer both = bytes.nioBuffer(low, length + Math.abs(to - from));
        // Defined for overlapping ranges, unlike most ways to copy within a ByteBuf.
        both.put(to - low, both, from - low, length);
    }

    @Override
    public int size() {
        return finished - first;
    }

    @Override
    public void release() {
        bytes.release();
    }

    /** A view that keeps the buffer alive until it is released. */
    ByteBuf retainedSlice(int from, int to) {
        return bytes.retainedSlice(first + from, to - from);
    }

    /** Writes to a socket without waiting; returns how many bytes it took. */
    int writeTo(Socket socket, int from, int to) throws IOException {
        if (bytes.hasMemoryAddress()) {
            return socket.sendAddress(bytes.memoryAddress(), first + from, first + to);
        }
        ByteBuffer part = bytes.internalNioBuffer(first + from, to - from);
        return socket.send(part, part.position(), part.limit());
    }
}
