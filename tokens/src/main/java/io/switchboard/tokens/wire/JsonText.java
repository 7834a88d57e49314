package io.switchboard.tokens.wire;

import io.switchboard.message.ByteArraySink;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonStrings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Writes one JSON object, member after member; what is absent is left out. */
public final class JsonText {
    private final ByteArraySink out = new ByteArraySink(256);
    private boolean first = true;

    public JsonText() {
        out.write((byte) '{');
    }

    public JsonText text(String name, String value) {
        if (!value.isEmpty()) {
            name(name);
            string(value);
        }
        return this;
    }

    public JsonText number(String name, long value) {
        name(name);
        out.utf8(Long.toString(value));
        return this;
    }

    public JsonText texts(String name, List<String> values) {
        if (!values.isEmpty()) {
            name(name);
            byte before = '[';
            for (String value : values) {
                out.write(before);
                string(value);
                before = ',';
            }
            out.write((byte) ']');
        }
        return this;
    }

    public JsonText json(String name, Message value) {
        name(name);
        value.writeTo(out);
        return this;
    }

    /** JSON as it is, a text as a JSON string, binary in Base64 as {@code b64name}. */
    public JsonText content(String name, Message value) {
        switch (value.kind()) {
            case JSON -> json(name, value);
            case TEXT -> {
                name(name);
                JsonStrings.write(value.toByteArray(), out);
            }
            case BINARY -> text("b64" + name, Base64.getEncoder().encodeToString(value.toByteArray()));
        }
        return this;
    }

    /** Closes the object. */
    public ByteBuffer end() {
        out.write((byte) '}');
        return out.view();
    }

    private void name(String name) {
        if (!first) {
            out.write((byte) ',');
        }
        first = false;
        string(name);
        out.write((byte) ':');
    }

    private void string(String value) {
        JsonStrings.write(value.getBytes(StandardCharsets.UTF_8), out);
    }
}
