package io.switchboard.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Bytes and their kind, validated once where they enter: TEXT is well-formed UTF-8, JSON is one complete JSON value in
 * UTF-8 (so that it can be embedded in another document unchanged), BINARY is anything. Immutable.
 */
public final class Message {
    /** What the bytes are. */
    public enum Kind {
        TEXT(0),
        JSON(1),
        BINARY(2);

        private static final Kind[] ALL = values();

        /** How it is written in an envelope. */
        final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            return ALL[code];
        }

        static int count() {
            return ALL.length;
        }
    }

    private final Kind kind;
    private final byte[] bytes;

    private Message(Kind kind, byte[] bytes) {
        this.kind = kind;
        this.bytes = bytes;
    }

    public static Message text(String text) {
        return new Message(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalArgumentException if the text is not exactly one JSON value */
    public static Message json(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonText.check(bytes);
        return new Message(Kind.JSON, bytes);
    }

    public static Message binary(byte[] bytes) {
        return new Message(Kind.BINARY, bytes.clone());
    }

    /** Copies the remaining bytes, which the caller has validated as being of that kind. */
    public static Message validated(Kind kind, ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return new Message(kind, bytes);
    }

    /**
     * Copies the remaining bytes if they are what the kind says: for what comes from a broker.
     *
     * @throws MalformedException if TEXT is not UTF-8, or JSON not one JSON value
     */
    public static Message checked(Kind kind, ByteBuffer content) throws MalformedException {
        Message message = validated(kind, content);
        if (kind == Kind.BINARY) {
            return message;
        }
        if (!isUtf8(message.bytes)) {
            throw new MalformedException("text is not UTF-8");
        }
        if (kind == Kind.JSON) {
            try {
                JsonText.check(message.bytes);
            } catch (IllegalArgumentException e) {
                throw new MalformedException(String.valueOf(e.getMessage()));
            }
        }
        return message;
    }

    private static boolean isUtf8(byte[] bytes) {
        int ascii = 0;
        while (ascii < bytes.length && bytes[ascii] >= 0) {
            ascii++;
        }
        if (ascii == bytes.length) {
            return true;
        }
        try {
            var ignored =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, ascii, bytes.length - ascii));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Kind and bytes as one line of ASCII, for where only lines can go. */
    public String asLine() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Reads what {@link #asLine} wrote.
     *
     * @throws MalformedException if it did not
     */
    public static Message ofLine(String line) throws MalformedException {
        int space = line.indexOf(' ');
        for (Kind kind : Kind.ALL) {
            if (space > 0 && kind.name().toLowerCase(Locale.ROOT).equals(line.substring(0, space))) {
                try {
                    return checked(kind, ByteBuffer.wrap(Base64.getDecoder().decode(line.substring(space + 1))));
                } catch (IllegalArgumentException e) {
                    throw new MalformedException("not a message on a line");
                }
            }
        }
        throw new MalformedException("not a message on a line");
    }

    public Kind kind() {
        return kind;
    }

    public int length() {
        return bytes.length;
    }

    public void writeTo(Sink sink) {
        sink.write(bytes, 0, bytes.length);
    }

    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** A read-only view of the bytes. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** The content as text; for BINARY only sensible in messages of errors. */
    public String asText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return kind + "(" + bytes.length + " bytes)";
    }
}
