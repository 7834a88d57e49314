package io.switchboard.hub;

import io.switchboard.message.Names;
import java.util.Set;

/**
 * The sessions that are meant: those of which all of this is true. What is empty does not matter; something is not.
 *
 * @param session its id
 * @param token the id of the token it came with
 * @param except ids of sessions that are not meant
 */
public record Whom(String user, String session, String token, Set<String> except) {
    private static final int BYTES_MAX = 255;

    /** @throws IllegalArgumentException if that is nobody, or everybody */
    public Whom {
        if (user.isEmpty() && session.isEmpty() && token.isEmpty()) {
            throw new IllegalArgumentException("say whom: a user, a session or a token");
        }
        check("user id", user);
        check("session id", session);
        check("token id", token);
        except = Set.copyOf(except);
        except.forEach(id -> Names.check("session id", id, BYTES_MAX));
    }

    private static void check(String what, String value) {
        if (!value.isEmpty()) {
            Names.check(what, value, BYTES_MAX);
        }
    }

    public static Whom user(String user) {
        return new Whom(user, "", "", Set.of());
    }

    public static Whom session(String session) {
        return new Whom("", session, "", Set.of());
    }

    public static Whom token(String token) {
        return new Whom("", "", token, Set.of());
    }

    boolean means(Session other) {
        return (user.isEmpty() || user.equals(other.user()))
                && (token.isEmpty() || token.equals(other.identity().token()))
                && (session.isEmpty() || session.equals(other.id()))
                && (except.isEmpty() || !except.contains(other.id()));
    }
}
