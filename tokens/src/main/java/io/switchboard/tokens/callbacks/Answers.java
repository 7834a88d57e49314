package io.switchboard.tokens.callbacks;

import io.switchboard.message.MalformedException;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Backend.Reply;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Token;
import io.switchboard.tokens.wire.Granting;
import io.switchboard.tokens.wire.JsonObject;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what the application answered: {@code {"result":{…}}}, {@code {"error":{…}}} or {@code {"disconnect":{…}}}. */
final class Answers {
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    private static final int REASON_BYTES_MAX = 123;

    private Answers() {}

    /** Reads the member {@code result}. */
    interface Result<T> {
        T read(JsonObject result) throws MalformedException;
    }

    static <T> Reply<T> read(ByteBuffer body, Result<T> result) throws MalformedException {
        JsonObject answer = JsonObject.of(body);
        if (answer.has("disconnect")) {
            JsonObject disconnect = answer.object("disconnect").orElseGet(JsonObject::empty);
            return new Reply.Dismissed<>(reason(disconnect));
        }
        if (answer.has("error")) {
            JsonObject error = answer.object("error").orElseGet(JsonObject::empty);
            if (error.whole("code") <= 0) {
                throw new MalformedException("member code is not a positive number");
            }
            return new Reply.Denied<>(error.whole("code"), error.textOrEmpty("message"), error.flag("temporary"));
        }
        // That nothing is said against it is not yet permission.
        Optional<JsonObject> granted = answer.object("result");
        if (granted.isEmpty()) {
            throw new MalformedException("there is neither result nor error nor disconnect");
        }
        return new Reply.Granted<>(result.read(granted.get()));
    }

    private static CloseReason reason(JsonObject disconnect) throws MalformedException {
        int code = disconnect.whole("code");
        String text = disconnect.textOrEmpty("reason");
        if (code < 3000 || code > 4999) {
            throw new MalformedException("member code is not in 3000..4999");
        }
        if (text.length() > REASON_BYTES_MAX / 3) {
            text = text.substring(0, REASON_BYTES_MAX / 3);
        }
        return new CloseReason(code, text);
    }

    static Backend.Connected connected(JsonObject result) throws MalformedException {
        var topics = new ArrayList<>(Granting.grants(result.object("subs").orElseGet(JsonObject::empty)));
        for (String name : result.texts("channels")) {
            topics.add(new Token.Grant(Granting.topic(name)));
        }
        return new Backend.Connected(
                result.textOrEmpty("user"),
                expiry(result),
                result.content("info").orElse(null),
                result.content("data").orElse(null),
                result.json("meta").orElse(null),
                topics);
    }

    static Backend.Refreshed refreshed(JsonObject result) throws MalformedException {
        return new Backend.Refreshed(
                result.flag("expired"),
                expiry(result),
                result.content("info").orElse(null),
                result.json("meta").orElse(null));
    }

    static Backend.Subscribed subscribed(JsonObject result) throws MalformedException {
        return new Backend.Subscribed(
                expiry(result),
                result.content("info").orElse(null),
                result.content("data").orElse(null),
                Granting.overrides(result));
    }

    static Backend.SubRefreshed subRefreshed(JsonObject result) throws MalformedException {
        return new Backend.SubRefreshed(
                result.flag("expired"), expiry(result), result.content("info").orElse(null));
    }

    static Backend.ToPublish toPublish(JsonObject result) throws MalformedException {
        return new Backend.ToPublish(result.content("data").orElse(null), result.flag("skip_history"));
    }

    static Backend.Returned returned(JsonObject result) throws MalformedException {
        return new Backend.Returned(result.content("data").orElse(null));
    }

    private static OptionalLong expiry(JsonObject result) throws MalformedException {
        BigDecimal seconds = result.number("expire_at").orElse(BigDecimal.ZERO);
        return seconds.signum() <= 0
                ? OptionalLong.empty()
                : OptionalLong.of(seconds.min(BigDecimal.valueOf(253_402_300_799L))
                        .multiply(THOUSAND)
                        .longValue());
    }
}
