package io.switchboard.protocols.sign;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocols.json.JsonReader;
import io.switchboard.protocols.sign.SignSettings.Member;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends: {@code {"Type":1,"DataInfo":…}}. Names match in any case, numbers may be texts, members that are
 * not known are passed over, binary messages are read like text, as by the published library.
 *
 * @param type as it was written; empty if it is missing
 * @param data JSON, null if it is missing
 * @param toSender whether the sender wants its own broadcast, if it says
 */
record SignBody(String type, @Nullable Message data, Optional<Boolean> toSender) {
    /** Who a client says it is; what is missing, null or 0 is empty, but for the kind of program, which is 0 then. */
    record UserInfo(String userId, String tenantId, String bankId, String fromType) {}

    static SignBody read(SignSettings settings, Message.Kind kind, ByteBuffer content) throws MalformedException {
        if (kind == Message.Kind.BINARY) {
            checkText(content);
        }
        String type = "";
        Message data = null;
        Optional<Boolean> toSender = Optional.empty();
        JsonReader in = JsonReader.of(content);
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            String name = in.name();
            if (settings.is(Member.TYPE, name)) {
                type = scalar(in, name);
            } else if (settings.is(Member.DATA, name)) {
                data = Message.validated(Message.Kind.JSON, in.compact());
            } else if (settings.is(Member.TO_SENDER, name)) {
                toSender = flag(in, name);
            } else {
                in.skip();
            }
        }
        in.end();
        return new SignBody(type, data, toSender);
    }

    private static void checkText(ByteBuffer content) throws MalformedException {
        try {
            var ignored = StandardCharsets.UTF_8.newDecoder().decode(content.duplicate());
        } catch (CharacterCodingException e) {
            throw new MalformedException("a binary message must hold UTF-8 text here");
        }
    }

    Message dataOrNull() {
        return data == null ? Message.json("null") : data;
    }

    UserInfo userInfo(SignSettings settings) throws MalformedException {
        if (data == null) {
            throw new MalformedException("\"" + settings.name(Member.DATA) + "\" is missing: who are you?");
        }
        String userId = "";
        String tenantId = "";
        String bankId = "";
        String fromType = "";
        JsonReader in = JsonReader.of(data.view());
        in.beginObject();
        for (boolean first = true; in.hasMember(first); first = false) {
            String name = in.name();
            if (settings.is(Member.USER_ID, name)) {
                userId = id(in, name);
            } else if (settings.is(Member.TENANT_ID, name)) {
                tenantId = id(in, name);
            } else if (settings.is(Member.BANK_ID, name)) {
                bankId = id(in, name);
            } else if (settings.is(Member.FROM_TYPE, name)) {
                fromType = id(in, name);
            } else {
                in.skip();
            }
        }
        return new UserInfo(userId, tenantId, bankId, fromType.isEmpty() ? "0" : fromType);
    }

    private static String id(JsonReader in, String name) throws MalformedException {
        String id = scalar(in, name);
        return id.equals("0") ? "" : id;
    }

    private static String scalar(JsonReader in, String name) throws MalformedException {
        return switch (in.peek()) {
            case STRING -> in.string();
            case NUMBER -> in.number();
            case NULL -> {
                in.skip();
                yield "";
            }
            case TRUE, FALSE, OBJECT, ARRAY ->
                throw new MalformedException("\"" + name + "\" must be a number or a text");
        };
    }

    private static Optional<Boolean> flag(JsonReader in, String name) throws MalformedException {
        return switch (in.peek()) {
            case TRUE -> {
                in.skip();
                yield Optional.of(true);
            }
            case FALSE -> {
                in.skip();
                yield Optional.of(false);
            }
            case NULL -> {
                in.skip();
                yield Optional.empty();
            }
            case STRING, NUMBER, OBJECT, ARRAY ->
                throw new MalformedException("\"" + name + "\" must be true or false");
        };
    }
}
