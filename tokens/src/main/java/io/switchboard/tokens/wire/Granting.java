package io.switchboard.tokens.wire;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads which topics somebody shall listen to, and how; tokens and answers of the application say it alike. */
public final class Granting {
    private Granting() {}

    /** @param subscriptions options by topic */
    public static List<Token.Grant> grants(JsonObject subscriptions) throws MalformedException {
        var grants = new ArrayList<Token.Grant>();
        for (String name : subscriptions.names()) {
            JsonObject options = subscriptions.object(name).orElseGet(JsonObject::empty);
            grants.add(new Token.Grant(
                    topic(name),
                    options.content("info").orElse(null),
                    options.content("data").orElse(null),
                    overrides(options)));
        }
        return grants;
    }

    public static Topic topic(String name) throws MalformedException {
        try {
            return Topic.of(name);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    /** The member {@code override}: each of its members is an object with {@code value}. */
    public static Token.Overrides overrides(JsonObject options) throws MalformedException {
        Optional<JsonObject> override = options.object("override");
        if (override.isEmpty()) {
            return Token.Overrides.NONE;
        }
        JsonObject members = override.get();
        return new Token.Overrides(
                value(members, "presence"),
                value(members, "join_leave"),
                value(members, "force_recovery"),
                value(members, "force_positioning"),
                value(members, "force_push_join_leave"));
    }

    private static Optional<Boolean> value(JsonObject members, String name) throws MalformedException {
        Optional<JsonObject> member = members.object(name);
        return member.isEmpty() ? Optional.empty() : Optional.of(member.get().flag("value"));
    }
}
