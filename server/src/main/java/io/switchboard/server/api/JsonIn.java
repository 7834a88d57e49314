package io.switchboard.server.api;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.json.JsonReader.Token;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The members of a JSON object, read when they are asked for. A member that is {@code null} is not there; one that
 * nobody asks for does not matter.
 */
final class JsonIn {
    static final JsonIn EMPTY = new JsonIn(Map.of());

    private final Map<String, ByteBuffer> members;

    private JsonIn(Map<String, ByteBuffer> members) {
        this.members = members;
    }

    /** The whole buffer; an empty one is an object without members. */
    static JsonIn of(ByteBuffer document) throws MalformedException {
        if (!document.hasRemaining()) {
            return EMPTY;
        }
        JsonReader in = JsonReader.of(document.duplicate());
        var members = new LinkedHashMap<String, ByteBuffer>();
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            String name = in.name();
            Token token = in.peek();
            ByteBuffer value = in.compact();
            if (token == Token.NULL) {
                members.remove(name);
            } else {
                members.put(name, value);
            }
        }
        in.end();
        return new JsonIn(members);
    }

    /** The names of its members, in order. */
    List<String> names() {
        return List.copyOf(members.keySet());
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    private JsonReader reader(String name, Token wanted, String what) throws MalformedException {
        ByteBuffer value = members.get(name);
        if (value == null) {
            throw new MalformedException("field " + name + " is missing");
        }
        JsonReader in = JsonReader.of(value.duplicate());
        if (in.peek() != wanted) {
            throw new MalformedException("field " + name + " is not " + what);
        }
        return in;
    }

    /** Empty if it is not there. */
    String text(String name) throws MalformedException {
        return has(name) ? reader(name, Token.STRING, "a string").string() : "";
    }

    String needed(String name) throws MalformedException {
        String text = text(name);
        if (text.isEmpty()) {
            throw new MalformedException("field " + name + " is missing");
        }
        return text;
    }

    OptionalLong whole(String name) throws MalformedException {
        if (!has(name)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(
                    Long.parseLong(reader(name, Token.NUMBER, "a number").number()));
        } catch (NumberFormatException e) {
            throw new MalformedException("field " + name + " is not a whole number");
        }
    }

    boolean flag(String name) throws MalformedException {
        return choice(name).orElse(false);
    }

    /** True, false, or not said. */
    Optional<Boolean> choice(String name) throws MalformedException {
        ByteBuffer value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        return switch (JsonReader.of(value.duplicate()).peek()) {
            case TRUE -> Optional.of(true);
            case FALSE -> Optional.of(false);
            default -> throw new MalformedException("field " + name + " is neither true nor false");
        };
    }

    /** As {@code {"value":true}}, the form in which the overrides of a subscription are written; or plainly. */
    Optional<Boolean> override(String name) throws MalformedException {
        ByteBuffer value = members.get(name);
        return value != null && JsonReader.of(value.duplicate()).peek() == Token.OBJECT
                ? Optional.of(object(name).flag("value"))
                : choice(name);
    }

    List<String> texts(String name) throws MalformedException {
        var texts = new ArrayList<String>();
        if (has(name)) {
            JsonReader in = reader(name, Token.ARRAY, "an array");
            in.beginArray();
            for (boolean first = true; in.hasItem(first); first = false) {
                if (in.peek() != Token.STRING) {
                    throw new MalformedException("field " + name + " has something that is not a string");
                }
                texts.add(in.string());
            }
        }
        return texts;
    }

    /** Names and values, both text. */
    Map<String, String> pairs(String name) throws MalformedException {
        var pairs = new LinkedHashMap<String, String>();
        JsonIn object = object(name);
        for (String key : object.names()) {
            pairs.put(key, object.text(key));
        }
        return pairs;
    }

    /** Without members if it is not there. */
    JsonIn object(String name) throws MalformedException {
        if (!has(name)) {
            return EMPTY;
        }
        reader(name, Token.OBJECT, "an object").skip();
        return of(members.getOrDefault(name, ByteBuffer.allocate(0)));
    }

    List<JsonIn> objects(String name) throws MalformedException {
        var objects = new ArrayList<JsonIn>();
        if (has(name)) {
            JsonReader in = reader(name, Token.ARRAY, "an array");
            in.beginArray();
            for (boolean first = true; in.hasItem(first); first = false) {
                if (in.peek() != Token.OBJECT) {
                    throw new MalformedException("field " + name + " has something that is not an object");
                }
                objects.add(of(in.compact()));
            }
        }
        return objects;
    }

    /** Any JSON value. */
    Optional<Message> json(String name) {
        return Optional.ofNullable(members.get(name))
                .map(value -> Message.validated(Message.Kind.JSON, value.duplicate()));
    }

    /** JSON under this name, or under {@code b64} before it any bytes in base64, which may be JSON as well. */
    Optional<Message> data(String name) throws MalformedException {
        String base64 = text("b64" + name);
        if (base64.isEmpty()) {
            return json(name);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("field b64" + name + " is not base64");
        }
        try {
            return Optional.of(Message.checked(Message.Kind.JSON, ByteBuffer.wrap(bytes)));
        } catch (MalformedException _isNoJson) {
            return Optional.of(Message.binary(bytes));
        }
    }
}
