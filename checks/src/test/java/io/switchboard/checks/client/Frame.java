package io.switchboard.checks.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One WebSocket frame as it stands on the wire, legal or not: {@code reserved} are the three reserved bits (4, 2, 1).
 */
public record Frame(boolean fin, int reserved, int opcode, ByteBuffer payload) {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    public Frame {
        payload = payload.asReadOnlyBuffer();
    }

    public static Frame of(int opcode, byte[] payload) {
        return new Frame(true, 0, opcode, ByteBuffer.wrap(payload));
    }

    public static Frame text(String text) {
        return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Frame binary(byte[] payload) {
        return of(BINARY, payload);
    }

    public static Frame continuation(byte[] payload) {
        return of(CONTINUATION, payload);
    }

    public static Frame ping(String text) {
        return of(PING, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Frame pong(byte[] payload) {
        return of(PONG, payload);
    }

    public static Frame close(int code, String reason) {
        var text = reason.getBytes(StandardCharsets.UTF_8);
        return of(
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** A close frame without a code, as the standard allows. */
    public static Frame close() {
        return of(CLOSE, new byte[0]);
    }

    /** The same frame, saying that more of its message follows. */
    public Frame unfinished() {
        return new Frame(false, reserved, opcode, payload);
    }

    public Frame withReserved(int bits) {
        return new Frame(fin, bits, opcode, payload);
    }

    public String text() {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    public byte[] bytes() {
        var bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    /** 1005 if a close frame has none, as the standard says. */
    public int closeCode() {
        return payload.remaining() < 2 ? 1005 : payload.getShort(payload.position()) & 0xFFFF;
    }

    public String closeReason() {
        if (payload.remaining() < 2) {
            return "";
        }
        return StandardCharsets.UTF_8
                .decode(payload.slice(payload.position() + 2, payload.remaining() - 2))
                .toString();
    }

    public boolean isControl() {
        return opcode >= CLOSE;
    }

    @Override
    public String toString() {
        var name = switch (opcode) {
            case CONTINUATION -> "continuation";
            case TEXT -> "text";
            case BINARY -> "binary";
            case CLOSE -> "close " + closeCode() + " " + closeReason();
            case PING -> "ping";
            case PONG -> "pong";
            default -> "opcode " + opcode;
        };
        var content = opcode == CLOSE ? "" : " " + shortened(text());
        return name + (fin ? "" : " (unfinished)") + content;
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "… (" + text.length() + " characters)";
    }
}
