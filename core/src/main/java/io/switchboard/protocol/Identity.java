package io.switchboard.protocol;

import io.switchboard.message.Message;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is, as its token or the application said; replaced when a token is refreshed.
 *
 * @param user empty for somebody who has not signed in
 * @param device the class within which login policies count
 * @param info what others are told of it along with its name, JSON
 * @param expiresAtMillis wall clock at which it stops being true, milliseconds since 1970
 * @param token the id of the token, empty if it has none: by it the session can be revoked
 * @param topics what others have decided that it listens to from its first moment
 */
public record Identity(
        String user,
        String device,
        @Nullable Message info,
        OptionalLong expiresAtMillis,
        String token,
        List<Granted> topics) {
    public static final Identity NOBODY = of("");

    public Identity {
        topics = List.copyOf(topics);
    }

    /** A topic somebody listens to without having asked for it. */
    public record Granted(String topic, Listening listening) {}

    public static Identity of(String user) {
        return new Identity(user, "", null, OptionalLong.empty(), "", List.of());
    }
}
