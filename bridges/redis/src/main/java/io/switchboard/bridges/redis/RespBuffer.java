package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.switchboard.message.Sink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Commands on their way out, written one after another and taken as one buffer. RESP wants the length of a word before
 * the word: for a payload of unknown length a gap is left, wide enough for a guessed length; a wrong guess costs a copy
 * of that payload.
 */
final class RespBuffer implements Sink {
    private static final int KEPT_BYTES_MAX = 1 << 20;
    private static final int INITIAL_BYTES = 16 << 10;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] LINE_END = {'\r', '\n'};

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    int size() {
        return size;
    }

    void truncate(int to) {
        size = to;
    }

    void command(String... words) {
        command(StandardCharsets.UTF_8, words);
    }

    void command(Charset charset, String... words) {
        write((byte) '*');
        line(words.length);
        for (String word : words) {
            word(word.getBytes(charset));
        }
    }

    /** The beginning of a command; its other words follow. */
    void command(int words, String name) {
        write((byte) '*');
        line(words);
        word(name.getBytes(StandardCharsets.UTF_8));
    }

    void word(byte[] word) {
        write((byte) '$');
        line(word.length);
        write(word, 0, word.length);
        write(LINE_END, 0, 2);
    }

    /** A word in two parts. */
    void word(byte[] head, byte[] tail) {
        write((byte) '$');
        line(head.length + tail.length);
        write(head, 0, head.length);
        write(tail, 0, tail.length);
        write(LINE_END, 0, 2);
    }

    /** Leaves the gap; what is written until {@link #endWord} is the word. */
    int beginWord(int lengthGuess) {
        write((byte) '$');
        size += digits(lengthGuess);
        write(LINE_END, 0, 2);
        return size;
    }

    /** @param begin what {@link #beginWord} gave for the same guess */
    void endWord(int begin, int lengthGuess) {
        int gap = digits(lengthGuess);
        int length = size - begin;
        int shift = digits(length) - gap;
        int from = begin;
        if (shift != 0) {
            reserve(shift);
            System.arraycopy(bytes, begin, bytes, begin + shift, length);
            from = begin + shift;
            bytes[from - 2] = '\r';
            bytes[from - 1] = '\n';
            size += shift;
        }
        number(length, from - 2);
        write(LINE_END, 0, 2);
    }

    @Override
    public void write(byte value) {
        reserve(1);
        bytes[size++] = value;
    }

    @Override
    public void write(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    @Override
    public void writeLong(long value) {
        reserve(Long.BYTES);
        LONGS.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** Everything written until now, which is forgotten here. */
    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf taken = allocator.directBuffer(size).writeBytes(bytes, 0, size);
        size = 0;
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[INITIAL_BYTES];
        }
        return taken;
    }

    private void line(int number) {
        int digits = digits(number);
        reserve(digits + 2);
        size += digits;
        number(number, size);
        write(LINE_END, 0, 2);
    }

    /** Writes the digits so that they end before {@code end}. */
    private void number(int number, int end) {
        int at = end;
        int left = number;
        do {
            bytes[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
    }

    private static int digits(int number) {
        int digits = 1;
        for (int left = number / 10; left > 0; left /= 10) {
            digits++;
        }
        return digits;
    }

    private void reserve(int more) {
        // Room for the gap of a length is always there as well.
        if (bytes.length - size < more + 16) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more + 16));
        }
    }
}
