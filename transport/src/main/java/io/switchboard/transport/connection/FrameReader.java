package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.switchboard.message.Message;
import io.switchboard.protocol.CloseReason;
import io.switchboard.transport.loop.ServerLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a client (RFC 6455 without extensions), strictly. A whole message that lies in the bytes at hand
 * is passed on from there, without a copy. Of others the payload is unmasked, checked and gathered as it comes, so a
 * client that sends nonsense is found out at the first wrong byte, and a length is judged before anything is kept for
 * it.
 *
 * <p>It is one object with the {@link WebSocketConnection}: an idle client should not need two.
 */
abstract class FrameReader extends FrameSender {
    private static final int CONTINUATION = 0;
    private static final int RESERVED_BITS = 0x70;
    private static final int CONTROL_LENGTH_MAX = 125;
    private static final int GATHER_MIN = 256;

    /** A message of which a part is here. Few connections have one at any moment. */
    private static final class Partial {
        final boolean text;
        final ByteBuf content;
        boolean lastFrame;

        /** Of the present frame, still to come. */
        int remaining;

        int key;
        int utf8 = Utf8.COMPLETE;

        Partial(boolean text, ByteBuf content) {
            this.text = text;
            this.content = content;
        }
    }

    private @Nullable Partial partial;

    FrameReader(Connections shared, ServerLoop loop, Channel channel) {
        super(shared, loop, channel);
    }

    /** Whether to read no more for now, or at all. */
    abstract boolean isStopped();

    abstract int messageBytesMax();

    /** The buffer is valid during the call only. */
    abstract void onMessage(Message.Kind kind, ByteBuffer content);

    abstract void onPing(ByteBuffer bytes, int from, int to);

    abstract void onPong();

    /** The client closes; without a reason if its frame had none. */
    abstract void onClose(@Nullable CloseReason reason);

    /** The client broke a rule. */
    abstract void onViolation(CloseReason reason);

    /** Reads what is whole; returns how many frames were begun and leaves the position where the rest begins. */
    final int read(ByteBuffer bytes) {
        int at = bytes.position();
        int to = bytes.limit();
        int frames = 0;
        while (at < to && !isStopped()) {
            Partial message = partial;
            if (message != null && message.remaining > 0) {
                at = gather(message, bytes, at, to);
                continue;
            }
            int next = frame(bytes, at, to);
            if (next == at) {
                break;
            }
            at = next;
            frames++;
        }
        bytes.limit(to).position(at);
        return frames;
    }

    /** Gives back what it holds. */
    final void dropPartial() {
        Partial message = partial;
        if (message != null) {
            partial = null;
            message.content.release();
        }
    }

    /** Reads one frame, or of a data frame as much as there is. Returns where it ends; {@code at} if more is needed. */
    private int frame(ByteBuffer bytes, int at, int to) {
        if (to - at < 2) {
            return at;
        }
        int first = bytes.get(at);
        int second = bytes.get(at + 1);
        String wrong = wrongWith(first, second);
        if (wrong != null) {
            violation(wrong);
            return at;
        }
        int form = second & 0x7f;
        int body = at + (form == 127 ? 14 : form == 126 ? 8 : 6);
        if (to < body) {
            return at;
        }
        long length =
                form == 127 ? bytes.getLong(at + 2) : form == 126 ? Short.toUnsignedInt(bytes.getShort(at + 2)) : form;
        if ((form == 126 && length < 126) || (form == 127 && length < 0x10000)) {
            violation(length < 0 ? "frame length is negative" : "frame length is not in its shortest form");
            return at;
        }
        int key = bytes.getInt(body - 4);
        int opcode = first & 0x0f;
        return opcode >= FrameHeader.CLOSE
                ? control(bytes, at, opcode, key, body, (int) length, to)
                : data(bytes, at, first, key, body, length, to);
    }

    private @Nullable String wrongWith(int first, int second) {
        int opcode = first & 0x0f;
        if ((first & RESERVED_BITS) != 0) {
            return "reserved bits are set";
        } else if (second >= 0) {
            return "frame is not masked";
        } else if (opcode >= FrameHeader.CLOSE) {
            return opcode > FrameHeader.PONG
                    ? "unknown opcode"
                    : first >= 0
                            ? "control frame is fragmented"
                            : (second & 0x7f) > CONTROL_LENGTH_MAX ? "control frame is longer than 125 bytes" : null;
        } else if (opcode == CONTINUATION) {
            return partial == null ? "continuation without a beginning" : null;
        } else if (opcode > FrameHeader.BINARY) {
            return "unknown opcode";
        }
        return partial == null ? null : "message begins within another";
    }

    private int data(ByteBuffer bytes, int at, int first, int key, int body, long length, int to) {
        Partial message = partial;
        if (length + (message == null ? 0 : message.content.readableBytes()) > messageBytesMax()) {
            onViolation(CloseReason.TOO_BIG);
            return at;
        }
        int end = body + (int) length;
        boolean last = first < 0;
        if (message == null) {
            boolean text = (first & 0x0f) == FrameHeader.TEXT;
            if (last && end <= to) {
                whole(bytes, text, key, body, end);
                return end;
            }
            int room = (int) Math.min(length, Math.max(GATHER_MIN, to - body));
            message = new Partial(text, allocator().directBuffer(room));
            partial = message;
        }
        message.lastFrame = last;
        message.remaining = (int) length;
        message.key = key;
        return gather(message, bytes, body, to);
    }

    private void whole(ByteBuffer bytes, boolean text, int key, int from, int to) {
        Mask.apply(key, bytes, from, to);
        if (text && Utf8.check(Utf8.COMPLETE, bytes, from, to) != Utf8.COMPLETE) {
            onViolation(CloseReason.NOT_UTF8);
            return;
        }
        bytes.limit(to).position(from);
        onMessage(text ? Message.Kind.TEXT : Message.Kind.BINARY, bytes);
        bytes.clear();
    }

    private int gather(Partial message, ByteBuffer bytes, int from, int limit) {
        int count = Math.min(message.remaining, limit - from);
        int to = from + count;
        Mask.apply(message.key, bytes, from, to);
        message.key = Mask.after(message.key, count);
        message.remaining -= count;
        if (message.text) {
            message.utf8 = Utf8.check(message.utf8, bytes, from, to);
            boolean ends = message.lastFrame && message.remaining == 0;
            if (message.utf8 == Utf8.INVALID || (ends && message.utf8 != Utf8.COMPLETE)) {
                dropPartial();
                onViolation(CloseReason.NOT_UTF8);
                return to;
            }
        }
        bytes.limit(to).position(from);
        message.content.writeBytes(bytes);
        bytes.clear();
        if (message.lastFrame && message.remaining == 0) {
            partial = null;
            try {
                onMessage(message.text ? Message.Kind.TEXT : Message.Kind.BINARY, message.content.nioBuffer());
            } finally {
                message.content.release();
            }
        }
        return to;
    }

    private int control(ByteBuffer bytes, int at, int opcode, int key, int body, int length, int to) {
        int end = body + length;
        if (to < end) {
            return at;
        }
        Mask.apply(key, bytes, body, end);
        if (opcode == FrameHeader.PING) {
            onPing(bytes, body, end);
        } else if (opcode == FrameHeader.PONG) {
            onPong();
        } else {
            close(bytes, body, end);
        }
        return end;
    }

    private void close(ByteBuffer bytes, int from, int to) {
        if (from == to) {
            onClose(null);
        } else if (to - from == 1) {
            violation("close code is cut");
        } else if (!CloseFrame.mayComeFromClient(bytes.getShort(from) & 0xffff)) {
            violation("close code is not permitted");
        } else if (Utf8.check(Utf8.COMPLETE, bytes, from + 2, to) != Utf8.COMPLETE) {
            onViolation(CloseReason.NOT_UTF8);
        } else {
            onClose(CloseFrame.read(bytes, from, to));
        }
    }

    private void violation(String what) {
        onViolation(new CloseReason(CloseReason.PROTOCOL_ERROR.code(), what));
    }
}
