package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ByteProcessor;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Framing;
import io.switchboard.protocol.StreamEndpoint;
import java.nio.charset.StandardCharsets;

/** Each frame is one chunk of an HTTP/1.1 answer (RFC 9112, 7.1), so that sessions can share the bytes. */
public final class StreamFraming implements Framing {
    private static final int SIZE_MIN = 128;
    private static final int HEX_BITS = 4;
    private static final byte[] DIGITS = ascii("0123456789abcdef");
    private static final byte[] CR_LF = ascii("\r\n");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] NEXT_DATA = ascii("\ndata: ");
    private static final byte[] END_OF_EVENT = ascii("\n\n");

    private final ByteBufAllocator allocator;
    private final Form form;

    public StreamFraming(StreamEndpoint.Form form, ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.form = switch (form) {
            case LINES -> new Lines();
            case EVENTS -> new Events();
        };
    }

    @Override
    public FrameBatch open(int sizeHint) {
        return new Frames(form, allocator, Math.max(SIZE_MIN, sizeHint));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int digits(int number) {
        return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(number) + HEX_BITS - 1) / HEX_BITS);
    }

    /** The line before a chunk's content; returns where it ends. */
    private static int size(ByteBuf bytes, int at, int content) {
        int count = digits(content);
        for (int i = 0; i < count; i++) {
            bytes.setByte(at + i, DIGITS[(content >>> ((count - 1 - i) * HEX_BITS)) & 0xf]);
        }
        bytes.setBytes(at + count, CR_LF);
        return at + count + CR_LF.length;
    }

    private static final class Lines implements Form {
        @Override
        public int headSize(boolean text, int length) {
            return digits(content(text, length)) + CR_LF.length;
        }

        private static int content(boolean text, int length) {
            return text ? length + 1 : length;
        }

        @Override
        public void writeHead(boolean text, ByteBuf bytes, int at, int length) {
            size(bytes, at, content(text, length));
        }

        @Override
        public void writeTail(boolean text, ByteBuf bytes) {
            if (text) {
                bytes.writeByte('\n');
            }
            bytes.writeBytes(CR_LF);
        }

        /** A chunk without content would end the answer. */
        @Override
        public boolean settle(boolean text, ByteBuf bytes, int from) {
            return text || bytes.writerIndex() > from;
        }
    }

    private static final class Events implements Form {
        @Override
        public int headSize(boolean text, int length) {
            return digits(content(length)) + CR_LF.length + DATA.length;
        }

        private static int content(int length) {
            return DATA.length + length + END_OF_EVENT.length;
        }

        @Override
        public void writeHead(boolean text, ByteBuf bytes, int at, int length) {
            bytes.setBytes(size(bytes, at, content(length)), DATA);
        }

        @Override
        public void writeTail(boolean text, ByteBuf bytes) {
            bytes.writeBytes(END_OF_EVENT).writeBytes(CR_LF);
        }

        /** What has several lines is told line by line; a browser puts them together again. */
        @Override
        public boolean settle(boolean text, ByteBuf bytes, int from) {
            if (bytes.forEachByte(from, bytes.writerIndex() - from, ByteProcessor.FIND_CRLF) >= 0) {
                byte[] payload = new byte[bytes.writerIndex() - from];
                bytes.getBytes(from, payload);
                bytes.writerIndex(from);
                for (int i = 0; i < payload.length; i++) {
                    if (payload[i] == '\n') {
                        bytes.writeBytes(NEXT_DATA);
                    } else if (payload[i] != '\r') {
                        bytes.writeByte(payload[i]);
                    } else if (i + 1 == payload.length || payload[i + 1] != '\n') {
                        bytes.writeBytes(NEXT_DATA);
                    }
                }
            }
            return true;
        }
    }
}
