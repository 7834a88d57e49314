package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;
import io.switchboard.message.MalformedException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads RESP2 and RESP3 frame by frame. The two frames of the hot path, whole numbers and messages, are given as places
 * in the buffer; all others as objects. A frame that has not arrived completely is left in the buffer and begun again
 * when more is there, which is cheap because contents are skipped by their length.
 */
final class RespParser {
    static final int PAYLOAD_BYTES_MAX = 16 << 20;
    private static final int TEXT_BYTES_MAX = 1 << 20;
    private static final int ITEMS_MAX = 1 << 20;
    private static final int DEPTH_MAX = 8;
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int NUMBER_BYTES_MAX = 20;
    private static final long INCOMPLETE = Long.MIN_VALUE;

    private final Charset charset;
    private final int textBytesMax;
    private int at;
    private int end;
    private long skipping;

    RespParser() {
        this(StandardCharsets.UTF_8, TEXT_BYTES_MAX);
    }

    /**
     * @param charset of texts; a single-byte one keeps any bytes
     * @param textBytesMax how long one may be
     */
    RespParser(Charset charset, int textBytesMax) {
        this.charset = charset;
        this.textBytesMax = textBytesMax;
    }

    /** @throws MalformedException if the peer does not speak RESP: the connection is of no further use */
    void parse(ByteBuf in, RespHandler handler) throws MalformedException {
        end = in.writerIndex();
        while (in.isReadable()) {
            if (skipping > 0) {
                int skipped = (int) Math.min(skipping, in.readableBytes());
                in.skipBytes(skipped);
                skipping -= skipped;
                continue;
            }
            at = in.readerIndex();
            if (!frame(in, handler)) {
                return;
            }
        }
    }

    /** False if it is incomplete. Moves the reader index past the frame before the handler hears of it. */
    private boolean frame(ByteBuf in, RespHandler handler) throws MalformedException {
        byte type = in.getByte(at);
        if (type == ':') {
            at++;
            long value = number(in);
            if (value == INCOMPLETE) {
                return false;
            }
            in.readerIndex(at);
            handler.number(value);
            return true;
        }
        if ((type == '*' || type == '>') && end - at > 9 && isMessage(in)) {
            return message(in, handler);
        }
        RespValue value = value(in, 0);
        if (value == null) {
            return false;
        }
        in.readerIndex(at);
        handler.other(value);
        return true;
    }

    /** Whether it begins as {@code *3 $7 m} or {@code *3 $8 sm} do. */
    private boolean isMessage(ByteBuf in) {
        byte length = in.getByte(at + 5);
        return in.getByte(at + 1) == '3'
                && in.getByte(at + 4) == '$'
                && ((length == '7' && in.getByte(at + 8) == 'm')
                        || (length == '8' && in.getByte(at + 8) == 's' && in.getByte(at + 9) == 'm'));
    }

    private boolean message(ByteBuf in, RespHandler handler) throws MalformedException {
        at += 4;
        int word = bulk(in, TEXT_BYTES_MAX);
        int channelLength = word < 0 ? -1 : bulk(in, TEXT_BYTES_MAX);
        if (channelLength < 0) {
            return false;
        }
        int channel = at - channelLength - 2;
        if (at >= end) {
            return false;
        }
        if (in.getByte(at++) != '$') {
            throw new MalformedException("not RESP: a message without payload");
        }
        long length = number(in);
        if (length == INCOMPLETE) {
            return false;
        }
        if (length > PAYLOAD_BYTES_MAX) {
            in.readerIndex(at);
            skipping = length + 2;
            handler.oversized(length);
            return true;
        }
        if (length < 0 || end - at < length + 2) {
            return false;
        }
        int payload = at;
        at += (int) length + 2;
        in.readerIndex(at);
        handler.message(in, channel, channelLength, payload, (int) length);
        return true;
    }

    /** Steps over {@code $n}, the bytes and their end; gives n, or -1 if it is incomplete. */
    private int bulk(ByteBuf in, int max) throws MalformedException {
        if (at >= end) {
            return -1;
        }
        if (in.getByte(at++) != '$') {
            throw new MalformedException("not RESP: expected a bulk string");
        }
        return content(in, max);
    }

    private int content(ByteBuf in, int max) throws MalformedException {
        long length = number(in);
        if (length == INCOMPLETE) {
            return -1;
        }
        if (length < 0 || length > max) {
            throw new MalformedException("not RESP: a bulk string of " + length + " bytes");
        }
        if (end - at < length + 2) {
            return -1;
        }
        at += (int) length + 2;
        return (int) length;
    }

    /** Reads digits and the end of the line. */
    private long number(ByteBuf in) throws MalformedException {
        boolean negative = at < end && in.getByte(at) == '-';
        long value = 0;
        for (int i = negative ? at + 1 : at; i < end; i++) {
            byte digit = in.getByte(i);
            if (digit == '\r') {
                if (i + 1 >= end) {
                    return INCOMPLETE;
                }
                at = i + 2;
                return negative ? -value : value;
            }
            if (digit < '0' || digit > '9' || i - at > NUMBER_BYTES_MAX) {
                throw new MalformedException("not RESP: expected a number");
            }
            value = value * 10 + digit - '0';
        }
        return INCOMPLETE;
    }

    /** Null if it is incomplete. */
    private @Nullable RespValue value(ByteBuf in, int depth) throws MalformedException {
        if (at >= end) {
            return null;
        }
        byte type = in.getByte(at++);
        return switch (type) {
            case '+', ',', '(', '#' -> text(line(in));
            case '_' -> line(in) == null ? null : new RespValue.Nil();
            case '-' -> failure(line(in));
            case ':' -> whole(number(in));
            case '$', '=', '!' -> bulkValue(in, type);
            case '*', '>', '~' -> items(in, 1, depth);
            case '%' -> items(in, 2, depth);
            case '|' -> items(in, 2, depth) == null ? null : value(in, depth);
            default -> throw new MalformedException("not RESP: a frame of type " + type);
        };
    }

    private static @Nullable RespValue text(@Nullable String text) {
        return text == null ? null : new RespValue.Text(text);
    }

    private static @Nullable RespValue failure(@Nullable String text) {
        return text == null ? null : new RespValue.Failure(text);
    }

    private static @Nullable RespValue whole(long number) {
        return number == INCOMPLETE ? null : new RespValue.Whole(number);
    }

    private @Nullable RespValue bulkValue(ByteBuf in, byte type) throws MalformedException {
        if (at < end && in.getByte(at) == '-') {
            return line(in) == null ? null : new RespValue.Nil();
        }
        int length = content(in, textBytesMax);
        if (length < 0) {
            return null;
        }
        String text = in.toString(at - length - 2, length, charset);
        return type == '!' ? new RespValue.Failure(text) : new RespValue.Text(text);
    }

    private @Nullable RespValue items(ByteBuf in, int perItem, int depth) throws MalformedException {
        long count = number(in);
        if (count == INCOMPLETE) {
            return null;
        }
        if (count < 0) {
            return new RespValue.Nil();
        }
        if (count > ITEMS_MAX || depth > DEPTH_MAX) {
            throw new MalformedException("not RESP: " + count + " items, nested " + depth + " deep");
        }
        List<RespValue> items = new ArrayList<>();
        for (long left = count * perItem; left > 0; left--) {
            RespValue item = value(in, depth + 1);
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return new RespValue.Items(items);
    }

    private @Nullable String line(ByteBuf in) throws MalformedException {
        int lineEnd = in.indexOf(at, end, (byte) '\n');
        if (lineEnd < 0) {
            if (end - at > LINE_BYTES_MAX) {
                throw new MalformedException("not RESP: a line without end");
            }
            return null;
        }
        String text = in.toString(at, Math.max(0, lineEnd - 1 - at), StandardCharsets.UTF_8);
        at = lineEnd + 1;
        return text;
    }
}
