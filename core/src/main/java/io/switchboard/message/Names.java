package io.switchboard.message;

/** Checks names that come from outside before they reach a map, a broker or a log line. */
public final class Names {
    private Names() {}

    /**
     * Returns {@code value} if it is 1 to {@code bytesMax} bytes of well-formed UTF-8 without control characters.
     *
     * @throws IllegalArgumentException naming {@code what} and what is wrong with it, never echoing the value
     */
    public static String check(String what, String value, int bytesMax) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
                throw new IllegalArgumentException(what + " has a control character at position " + i);
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(what + " is not well-formed Unicode at position " + i);
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        if (bytes > bytesMax) {
            throw new IllegalArgumentException(what + " has " + bytes + " bytes, the limit is " + bytesMax);
        }
        return value;
    }
}
