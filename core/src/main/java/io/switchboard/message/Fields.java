package io.switchboard.message;

import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Optional fields of an envelope by number; a number with the high bit set must be understood by the receiver. */
public final class Fields {
    /** What is known of the sender, JSON. */
    public static final int INFO = 1;

    /** See {@link Tags}. */
    public static final int TAGS = 2;

    public static final int DELTA = 3;
    public static final int VERSION = 4;
    public static final int TRACE = 5;
    public static final int CORRELATION = 6;
    public static final int DEADLINE = 7;

    /** What is known of the sender in this topic, JSON. */
    public static final int TOPIC_INFO = 8;

    public static final int REQUIRED = 0x80;
    public static final Fields NONE = new Fields(new TreeMap<>());

    private final SortedMap<Integer, byte[]> values;

    private Fields(SortedMap<Integer, byte[]> values) {
        this.values = values;
    }

    public Fields with(int type, byte[] value) {
        if (type < 1 || type > 0xff) {
            throw new IllegalArgumentException("field " + type + " is not in 1..255");
        }
        var more = new TreeMap<>(values);
        more.put(type, value.clone());
        return new Fields(more);
    }

    public boolean has(int type) {
        return values.containsKey(type);
    }

    /** The field's bytes, empty where it is absent. */
    public ByteBuffer get(int type) {
        byte[] value = values.get(type);
        return value == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    public int size() {
        return values.size();
    }

    void forEach(BiConsumer<Integer, byte[]> action) {
        values.forEach(action);
    }
}
