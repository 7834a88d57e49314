package io.switchboard.tokens.callbacks;

import io.switchboard.protocol.Backend.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the application is asked.
 *
 * @param hooks where; what has no hook is not asked
 * @param secret that requests are signed with, so that the application knows who asks
 * @param headers of the client's request that are passed on, by lower-case name
 * @param underWayMax how many questions may wait for their answers; who asks one more is told to try again
 * @param noticesMax how many notices may wait to be told
 */
public record CallbackSettings(
        Map<Question, Hook> hooks, Optional<String> secret, List<String> headers, int underWayMax, int noticesMax) {
    public CallbackSettings {
        hooks = Map.copyOf(hooks);
        headers = List.copyOf(headers);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "CallbackSettings" + hooks.keySet();
    }
}
