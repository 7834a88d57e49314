package io.switchboard.transport.http;

import io.netty.buffer.ByteBuf;
import io.switchboard.message.ByteArraySink;
import io.switchboard.protocol.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Gathers the body of a request, of a length told before or in chunks, up to a limit. */
final class Body {
    private static final int LINE_MAX = 256;
    private static final int TRAILERS_MAX = 8 << 10;
    private static final int LENGTH_DIGITS_MAX = 8;

    private enum Part {
        SIZE,
        DATA,
        DATA_END,
        TRAILERS,
        COMPLETE
    }

    private final int bytesMax;
    private final boolean chunked;
    private final ByteArraySink content = new ByteArraySink(256);
    private Part part;
    private long remaining;
    private int trailers;

    /** @throws Refusal.Thrown if the length told is beyond the limit */
    Body(RequestHead head, int bytesMax) throws Refusal.Thrown {
        this.bytesMax = bytesMax;
        chunked = head.headers().containsKey("transfer-encoding");
        remaining = chunked ? 0 : Long.parseLong(head.headers().getOrDefault("content-length", "0"));
        part = chunked ? Part.SIZE : remaining == 0 ? Part.COMPLETE : Part.DATA;
        checkLimit();
    }

    ByteBuffer content() {
        return content.view().asReadOnlyBuffer();
    }

    /** Takes what there is; says whether the body is complete. */
    boolean read(ByteBuf in) throws Refusal.Thrown {
        while (true) {
            boolean progress = switch (part) {
                case SIZE -> size(in);
                case DATA -> data(in);
                case DATA_END -> dataEnd(in);
                case TRAILERS -> trailers(in);
                case COMPLETE -> false;
            };
            if (!progress) {
                return part == Part.COMPLETE;
            }
        }
    }

    private boolean data(ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        byte[] bytes = new byte[count];
        in.readBytes(bytes);
        content.write(bytes);
        remaining -= count;
        if (remaining == 0) {
            part = chunked ? Part.DATA_END : Part.COMPLETE;
        }
        return count > 0;
    }

    private boolean size(ByteBuf in) throws Refusal.Thrown {
        int end = lineEnd(in);
        if (end < 0) {
            return false;
        }
        String line = line(in, end);
        int semicolon = line.indexOf(';');
        String digits = semicolon < 0 ? line : line.substring(0, semicolon).stripTrailing();
        if (digits.isEmpty()
                || digits.length() > LENGTH_DIGITS_MAX
                || !digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
            throw bad("the size of a chunk is not a number");
        }
        remaining = Long.parseLong(digits, 16);
        checkLimit();
        part = remaining == 0 ? Part.TRAILERS : Part.DATA;
        return true;
    }

    private boolean dataEnd(ByteBuf in) throws Refusal.Thrown {
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.readShort() != ('\r' << 8 | '\n')) {
            throw bad("a chunk is longer than it said");
        }
        part = Part.SIZE;
        return true;
    }

    /** Fields after the last chunk: nothing here needs them. */
    private boolean trailers(ByteBuf in) throws Refusal.Thrown {
        int end = lineEnd(in);
        if (end < 0) {
            return false;
        }
        trailers += end - in.readerIndex() + 2;
        if (trailers > TRAILERS_MAX) {
            throw new Refusal.Thrown(Refusal.of(431, "the trailers of the request are too long"));
        }
        if (line(in, end).isEmpty()) {
            part = Part.COMPLETE;
        }
        return true;
    }

    private void checkLimit() throws Refusal.Thrown {
        if (content.size() + remaining > bytesMax) {
            throw new Refusal.Thrown(Refusal.of(413, "the limit for a request's body is " + bytesMax + " bytes"));
        }
    }

    private int lineEnd(ByteBuf in) throws Refusal.Thrown {
        int max = part == Part.TRAILERS ? TRAILERS_MAX : LINE_MAX;
        int end = in.indexOf(in.readerIndex(), Math.min(in.writerIndex(), in.readerIndex() + max), (byte) '\n');
        if (end < 0 && in.readableBytes() >= max) {
            throw bad("a line of the chunked body is too long");
        }
        if (end >= 0 && (end == in.readerIndex() || in.getByte(end - 1) != '\r')) {
            throw bad("a line of the chunked body does not end in CR LF");
        }
        return end < 0 ? end : end - 1;
    }

    private static String line(ByteBuf in, int end) {
        String line = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        in.readerIndex(end + 2);
        return line;
    }

    private static Refusal.Thrown bad(String why) {
        return new Refusal.Thrown(Refusal.of(400, why));
    }
}
