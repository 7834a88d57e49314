package io.switchboard.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names and values that go along with a publication, to choose by, as {@link Fields#TAGS} keeps them: each text after
 * the number of its bytes (two bytes, the higher first), a name and its value in turn.
 */
public final class Tags {
    /** Of one name or value. */
    public static final int BYTES_MAX = 0xffff;

    private Tags() {}

    /** @throws IllegalArgumentException if a name or a value is too long */
    public static Fields with(Fields fields, Map<String, String> tags) {
        return tags.isEmpty() ? fields : fields.with(Fields.TAGS, bytes(tags));
    }

    private static byte[] bytes(Map<String, String> tags) {
        var out = new ByteArraySink(32 * tags.size());
        tags.forEach((name, value) -> {
            text(name, out);
            text(value, out);
        });
        return out.toByteArray();
    }

    private static void text(String text, Sink out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("a tag has " + bytes.length + " bytes, the limit is " + BYTES_MAX);
        }
        out.write((byte) (bytes.length >>> 8));
        out.write((byte) bytes.length);
        out.write(bytes);
    }

    /** In the order they were given. What cannot be read, for it came from elsewhere, is none. */
    public static Map<String, String> of(Fields fields) {
        if (!fields.has(Fields.TAGS)) {
            return Map.of();
        }
        ByteBuffer in = fields.get(Fields.TAGS);
        var tags = new LinkedHashMap<String, String>();
        while (hasText(in)) {
            String name = text(in);
            if (!hasText(in)) {
                return tags;
            }
            tags.put(name, text(in));
        }
        return tags;
    }

    private static boolean hasText(ByteBuffer in) {
        return in.remaining() >= 2 && in.remaining() >= 2 + (in.getShort(in.position()) & BYTES_MAX);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & BYTES_MAX];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
