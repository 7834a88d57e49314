package io.switchboard.protocols.json;

import io.switchboard.message.Sink;

/** Writes JSON strings. */
public final class JsonStrings {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private JsonStrings() {}

    /**
     * Writes UTF-8 bytes as a JSON string, quotes included: escaped are quote, backslash, the control characters below
     * 0x20, and U+0085, U+2028, U+2029, which some readers take for line ends; all else stays as it is.
     */
    public static void write(byte[] utf8, Sink out) {
        out.write((byte) '"');
        int clean = 0;
        for (int i = 0; i < utf8.length; i++) {
            int length = escapedLength(utf8, i);
            if (length > 0) {
                out.write(utf8, clean, i - clean);
                escape(utf8, i, out);
                i += length - 1;
                clean = i + 1;
            }
        }
        out.write(utf8, clean, utf8.length - clean);
        out.write((byte) '"');
    }

    /** How many bytes the character at {@code i} has if it must be escaped, else 0. */
    private static int escapedLength(byte[] utf8, int i) {
        byte c = utf8[i];
        if (c >= 0) {
            return c < 0x20 || c == '"' || c == '\\' ? 1 : 0;
        }
        if (c == (byte) 0xc2) {
            return i + 1 < utf8.length && utf8[i + 1] == (byte) 0x85 ? 2 : 0;
        }
        boolean separator = c == (byte) 0xe2
                && i + 2 < utf8.length
                && utf8[i + 1] == (byte) 0x80
                && (utf8[i + 2] == (byte) 0xa8 || utf8[i + 2] == (byte) 0xa9);
        return separator ? 3 : 0;
    }

    private static void escape(byte[] utf8, int i, Sink out) {
        byte c = utf8[i];
        out.write((byte) '\\');
        switch (c) {
            case '"', '\\' -> out.write(c);
            case '\b' -> out.write((byte) 'b');
            case '\t' -> out.write((byte) 't');
            case '\n' -> out.write((byte) 'n');
            case '\f' -> out.write((byte) 'f');
            case '\r' -> out.write((byte) 'r');
            case (byte) 0xc2 -> unicode(0x85, out);
            case (byte) 0xe2 -> unicode(utf8[i + 2] == (byte) 0xa8 ? 0x2028 : 0x2029, out);
            default -> unicode(c, out);
        }
    }

    private static void unicode(int value, Sink out) {
        out.write((byte) 'u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.write(HEX[value >> shift & 15]);
        }
    }
}
