package io.switchboard.transport.http;

import io.switchboard.protocol.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Strict percent-decoding: what is not {@code %xx} of well-formed UTF-8 is refused, never guessed. */
public final class Percent {
    private Percent() {}

    /** One segment of a path; {@code +} is a plus. */
    public static String decode(String encoded) throws Refusal.Thrown {
        return decode(encoded, false);
    }

    /** Parameters of a query, the first of each name; {@code +} is a space. */
    public static Map<String, String> query(String encoded) throws Refusal.Thrown {
        if (encoded.isEmpty()) {
            return Map.of();
        }
        var parameters = new LinkedHashMap<String, String>();
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!pair.isEmpty()) {
                parameters.putIfAbsent(decode(name, true), decode(value, true));
            }
        }
        return parameters;
    }

    private static String decode(String encoded, boolean plusIsSpace) throws Refusal.Thrown {
        if (encoded.indexOf('%') < 0) {
            return plusIsSpace ? encoded.replace('+', ' ') : encoded;
        }
        var bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(digit(encoded, i + 1) << 4 | digit(encoded, i + 2));
                i += 2;
            } else {
                bytes.write(c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal.Thrown(Refusal.of(400, "percent-encoded text is not UTF-8"));
        }
    }

    private static int digit(String encoded, int at) throws Refusal.Thrown {
        int digit = at < encoded.length() ? Character.digit(encoded.charAt(at), 16) : -1;
        if (digit < 0) {
            throw new Refusal.Thrown(Refusal.of(400, "% is not followed by two hexadecimal digits"));
        }
        return digit;
    }
}
