package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;

/** The first bytes of a frame that the server sends: never masked, always final. */
final class FrameHeader {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int SHORT_MAX = 125;
    private static final int MIDDLE_MAX = 0xffff;

    private FrameHeader() {}

    /** How many bytes it takes before a payload of that length. */
    static int size(int length) {
        return length <= SHORT_MAX ? 2 : length <= MIDDLE_MAX ? 4 : 10;
    }

    static void set(ByteBuf bytes, int at, int opcode, int length) {
        bytes.setByte(at, FINAL | opcode);
        if (length <= SHORT_MAX) {
            bytes.setByte(at + 1, length);
        } else if (length <= MIDDLE_MAX) {
            bytes.setByte(at + 1, 126);
            bytes.setShort(at + 2, length);
        } else {
            bytes.setByte(at + 1, 127);
            bytes.setLong(at + 2, length);
        }
    }
}
