package io.switchboard.tokens;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Token;
import io.switchboard.tokens.wire.Granting;
import io.switchboard.tokens.wire.JsonObject;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads what a token says, as Centrifugo documents it; the signature has been found right before. */
final class Claims {
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

    /**
     * What a token says of itself beside its content.
     *
     * @param notBeforeMillis when it begins to count
     */
    record Read(Token token, OptionalLong notBeforeMillis) {}

    private Claims() {}

    static Read read(ByteBuffer payload) throws MalformedException {
        JsonObject claims = JsonObject.of(payload);
        OptionalLong until = millis(claims, "exp");
        OptionalLong expires = claims.has("expire_at") ? millis(claims, "expire_at") : until;
        var token = new Token(
                claims.textOrEmpty("sub"),
                claims.textOrEmpty("channel"),
                claims.textOrEmpty("client"),
                claims.textOrEmpty("device"),
                claims.textOrEmpty("jti"),
                millis(claims, "iat"),
                until,
                expires.isPresent() && expires.getAsLong() > 0 ? expires : OptionalLong.empty(),
                claims.textOrEmpty("iss"),
                audience(claims),
                claims.content("info").orElse(null),
                claims.json("meta").filter(Claims::isObject).orElse(null),
                topics(claims),
                Granting.overrides(claims));
        return new Read(token, millis(claims, "nbf"));
    }

    private static boolean isObject(Message json) {
        return json.length() > 0 && json.view().get(0) == '{';
    }

    /** Claims are in seconds, perhaps with a fraction. */
    private static OptionalLong millis(JsonObject claims, String name) throws MalformedException {
        BigDecimal seconds = claims.number(name).orElse(null);
        if (seconds == null) {
            return OptionalLong.empty();
        }
        if (seconds.signum() < 0 || seconds.compareTo(LAST_SECOND) > 0) {
            throw new MalformedException("claim " + name + " is no time in seconds");
        }
        return OptionalLong.of(seconds.multiply(THOUSAND).longValue());
    }

    private static List<String> audience(JsonObject claims) throws MalformedException {
        if (claims.json("aud").filter(json -> json.view().get(0) == '"').isPresent()) {
            return List.of(claims.textOrEmpty("aud"));
        }
        return claims.texts("aud");
    }

    private static List<Token.Grant> topics(JsonObject claims) throws MalformedException {
        var topics =
                new ArrayList<Token.Grant>(Granting.grants(claims.object("subs").orElseGet(JsonObject::empty)));
        for (String name : claims.texts("channels")) {
            Topic topic = Granting.topic(name);
            if (topics.stream().noneMatch(grant -> grant.topic().equals(topic))) {
                topics.add(new Token.Grant(topic));
            }
        }
        return topics;
    }
}
