package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.unix.Socket;
import io.switchboard.hub.FrameBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Frames one after another in one direct buffer. Room for what comes before a payload is left by a guess of its length;
 * where the guess was wrong the payload is moved.
 */
final class Frames implements FrameBatch {
    /** A cache line: the kernel copies markedly faster from where one begins. */
    private static final int ALIGNMENT = 64;

    private final Form form;
    private final ByteBuf bytes;

    /** Where the first frame stands in the buffer. */
    private final int first;

    private boolean text;
    private int begin;
    private int reserved;
    private int finished;

    Frames(Form form, ByteBufAllocator allocator, int sizeHint) {
        this.form = form;
        bytes = allocator.directBuffer(sizeHint + ALIGNMENT - 1);
        first = bytes.hasMemoryAddress() ? (int) -bytes.memoryAddress() & ALIGNMENT - 1 : 0;
        finished = first;
    }

    @Override
    public void begin(boolean asText, int lengthHint) {
        text = asText;
        // What an encoder wrote before it failed is no frame.
        begin = finished;
        reserved = form.headSize(asText, lengthHint);
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
        int payload = begin + reserved;
        if (!form.settle(text, bytes, payload)) {
            return;
        }
        int length = bytes.writerIndex() - payload;
        int needed = form.headSize(text, length);
        if (needed != reserved) {
            move(payload, begin + needed, length);
        }
        form.writeHead(text, bytes, begin, length);
        bytes.writerIndex(begin + needed + length);
        form.writeTail(text, bytes);
        finished = bytes.writerIndex();
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
    public void append(FrameBatch other) {
        var frames = (Frames) other;
        bytes.writerIndex(finished);
        bytes.writeBytes(frames.bytes, frames.first, frames.size());
        finished = bytes.writerIndex();
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
