package io.switchboard.tokens.wire;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON object whose members are asked for by name; each stays the text that was written until then, so that numbers
 * in what is passed on keep their digits. A member that is {@code null} counts as absent; none may stand twice. Errors
 * name members, and show nothing of their values.
 */
public final class JsonObject {
    private static final int MEMBERS_MAX = 10_000;

    private final Map<String, ByteBuffer> members = new LinkedHashMap<>();

    private JsonObject() {}

    public static JsonObject empty() {
        return new JsonObject();
    }

    /** @throws MalformedException if this is not exactly one JSON object */
    public static JsonObject of(ByteBuffer json) throws MalformedException {
        JsonReader in = JsonReader.of(json.duplicate());
        var object = new JsonObject();
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            String name = in.name();
            if (object.members.put(name, in.compact()) != null) {
                throw new MalformedException("a member stands twice");
            }
            if (object.members.size() > MEMBERS_MAX) {
                throw new MalformedException("an object has more than " + MEMBERS_MAX + " members");
            }
        }
        in.end();
        object.members.values().removeIf(JsonObject::isNull);
        return object;
    }

    private static boolean isNull(ByteBuffer value) {
        return value.get(value.position()) == 'n';
    }

    public Set<String> names() {
        return members.keySet();
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    public Optional<String> text(String name) throws MalformedException {
        if (!has(name)) {
            return Optional.empty();
        }
        return Optional.of(read(name, JsonReader.Token.STRING).string());
    }

    /** A text, empty if it is absent. */
    public String textOrEmpty(String name) throws MalformedException {
        return text(name).orElse("");
    }

    public Optional<BigDecimal> number(String name) throws MalformedException {
        if (!has(name)) {
            return Optional.empty();
        }
        String digits = read(name, JsonReader.Token.NUMBER).number();
        if (digits.length() > 40 || digits.matches(".*[eE].*\\d{3,}")) {
            throw wrong(name, "a number of usual size");
        }
        return Optional.of(new BigDecimal(digits));
    }

    /** A whole number; 0 if it is absent. */
    public int whole(String name) throws MalformedException {
        BigDecimal number = number(name).orElse(BigDecimal.ZERO);
        try {
            return number.intValueExact();
        } catch (ArithmeticException e) {
            throw wrong(name, "a whole number");
        }
    }

    /** A truth value, false if it is absent. */
    public boolean flag(String name) throws MalformedException {
        if (!has(name)) {
            return false;
        }
        return switch (reader(name).peek()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw wrong(name, "true or false");
        };
    }

    public Optional<Message> json(String name) {
        return Optional.ofNullable(members.get(name))
                .map(value -> Message.validated(Message.Kind.JSON, value.duplicate()));
    }

    public Optional<JsonObject> object(String name) throws MalformedException {
        ByteBuffer value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (reader(name).peek() != JsonReader.Token.OBJECT) {
            throw wrong(name, "an object");
        }
        return Optional.of(of(value));
    }

    /** A list of texts, empty if it is absent. */
    public List<String> texts(String name) throws MalformedException {
        var texts = new ArrayList<String>();
        if (!has(name)) {
            return texts;
        }
        JsonReader in = read(name, JsonReader.Token.ARRAY);
        in.beginArray();
        for (boolean first = true; in.hasItem(first); first = false) {
            if (in.peek() != JsonReader.Token.STRING) {
                throw wrong(name, "a list of strings");
            }
            texts.add(in.string());
        }
        return texts;
    }

    /**
     * What stands as {@code name} in JSON, or as {@code b64name} in Base64; the latter is JSON as well if its bytes
     * are.
     */
    public Optional<Message> content(String name) throws MalformedException {
        Optional<String> encoded = text("b64" + name).filter(text -> !text.isEmpty());
        if (encoded.isEmpty()) {
            return json(name);
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded.get());
            return Optional.of(jsonOrBinary(bytes));
        } catch (IllegalArgumentException e) {
            throw wrong("b64" + name, "Base64");
        }
    }

    private static Message jsonOrBinary(byte[] bytes) {
        try {
            return Message.checked(Message.Kind.JSON, ByteBuffer.wrap(bytes));
        } catch (MalformedException e) {
            return Message.binary(bytes);
        }
    }

    private JsonReader read(String name, JsonReader.Token expected) throws MalformedException {
        JsonReader reader = reader(name);
        if (reader.peek() != expected) {
            throw wrong(name, "of kind " + expected);
        }
        return reader;
    }

    private JsonReader reader(String name) throws MalformedException {
        ByteBuffer value = members.get(name);
        if (value == null) {
            throw wrong(name, "present");
        }
        return JsonReader.of(value.duplicate());
    }

    /** The name is the asker's, not the document's. */
    private static MalformedException wrong(String name, String expected) {
        return new MalformedException("member " + name + " is not " + expected);
    }
}
