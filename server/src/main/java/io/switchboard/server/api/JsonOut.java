package io.switchboard.server.api;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The members of a JSON object, as they are written. */
final class JsonOut {
    private final ByteArraySink out;
    private boolean first = true;

    private JsonOut(ByteArraySink out) {
        this.out = out;
    }

    /** A whole document. */
    static ByteBuffer object(Consumer<JsonOut> members) {
        var out = new ByteArraySink(256);
        object(out, members);
        return out.view();
    }

    private static void object(ByteArraySink out, Consumer<JsonOut> members) {
        out.write((byte) '{');
        members.accept(new JsonOut(out));
        out.write((byte) '}');
    }

    private void name(String name) {
        if (!first) {
            out.write((byte) ',');
        }
        first = false;
        text(name);
        out.write((byte) ':');
    }

    private void text(String text) {
        JsonStrings.write(text.getBytes(StandardCharsets.UTF_8), out);
    }

    JsonOut put(String name, String value) {
        name(name);
        text(value);
        return this;
    }

    JsonOut put(String name, long value) {
        name(name);
        out.write(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    JsonOut put(String name, boolean value) {
        name(name);
        out.write((value ? "true" : "false").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** JSON as it is, text as a string, and bytes as {@code {"b64":"…"}}. */
    JsonOut put(String name, Message value) {
        name(name);
        switch (value.kind()) {
            case JSON -> value.writeTo(out);
            case TEXT -> JsonStrings.write(value.toByteArray(), out);
            case BINARY ->
                object(out, bytes -> bytes.put("b64", Base64.getEncoder().encodeToString(value.toByteArray())));
        }
        return this;
    }

    JsonOut object(String name, Consumer<JsonOut> members) {
        name(name);
        object(out, members);
        return this;
    }

    JsonOut strings(String name, Iterable<String> values) {
        name(name);
        array(values, this::text);
        return this;
    }

    /** An array of objects. */
    <T> JsonOut objects(String name, Iterable<T> values, BiConsumer<T, JsonOut> members) {
        name(name);
        array(values, value -> object(out, item -> members.accept(value, item)));
        return this;
    }

    private <T> void array(Iterable<T> values, Consumer<T> item) {
        out.write((byte) '[');
        boolean more = false;
        for (T value : values) {
            if (more) {
                out.write((byte) ',');
            }
            more = true;
            item.accept(value);
        }
        out.write((byte) ']');
    }
}
