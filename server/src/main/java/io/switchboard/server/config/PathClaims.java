package io.switchboard.server.config;

import java.util.ArrayList;
import java.util.List;

/** Which protocol claims which paths. Two equal claims are a mistake: one of them would never be served. */
final class PathClaims {
    /**
     * Paths that a key claims for its protocol.
     *
     * @param shape with {@code {}} for each variable
     */
    private record Claim(Key<?> key, String shape) {}

    private final ConfigValues values;
    private final List<Claim> claims = new ArrayList<>();

    private PathClaims(ConfigValues values) {
        this.values = values;
    }

    static void check(ConfigValues values) {
        var check = new PathClaims(values);
        if (values.get(Keys.CHAT_ENABLED)) {
            check.chat();
        }
        if (values.get(Keys.SIGN_ENABLED)) {
            check.paths(Keys.SIGN_PATH, "?" + values.get(Keys.SIGN_PARAMETER));
        }
        if (values.get(Keys.INBOX_ENABLED)) {
            check.paths(Keys.INBOX_PATH, "/{}");
        }
        if (values.get(Keys.MESSAGE_ENABLED)) {
            check.paths(Keys.MESSAGE_PATH, "");
        }
        if (values.get(CentrifugalKeys.ENABLED)) {
            check.paths(CentrifugalKeys.PATH_KEY, "/websocket");
        }
    }

    private void chat() {
        List<String> prefixes = values.get(Keys.CHAT_PATH);
        for (String prefix : prefixes) {
            List.of("/user/{}", "/group/{}/{}", "/all/{}", "/channel/{}")
                    .forEach(rest -> claims.add(new Claim(Keys.CHAT_PATH, prefix + rest)));
        }
        values.get(Keys.CHAT_ECHO).ifPresent(echo -> {
            claims.add(new Claim(Keys.CHAT_ECHO, echo));
            prefixes.stream().limit(1).forEach(prefix -> {
                claims.add(new Claim(Keys.CHAT_PATH, prefix));
                claims.add(new Claim(Keys.CHAT_PATH, prefix + "room"));
            });
        });
    }

    private void paths(Key<List<String>> key, String rest) {
        if (values.get(key).isEmpty()) {
            String enabled = key.section() + ".enabled";
            values.reportAt(key, "the list is empty; give at least one path, or set " + enabled + ": false");
        }
        values.get(key).forEach(path -> claim(key, path + rest));
    }

    private void claim(Key<?> key, String shape) {
        claims.stream()
                .filter(other -> other.shape().equals(shape))
                .findFirst()
                .ifPresentOrElse(
                        other -> values.reportAt(
                                key,
                                shape + " is claimed by " + other.key().name() + " as well; give one of them another"
                                        + " path"),
                        () -> claims.add(new Claim(key, shape)));
    }
}
