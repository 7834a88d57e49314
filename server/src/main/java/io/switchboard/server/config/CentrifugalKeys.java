package io.switchboard.server.config;

import io.switchboard.protocols.centrifugal.CentrifugalSettings;
import io.switchboard.server.config.ServerConfig.NamespaceRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys of {@code protocols.centrifugal}. */
final class CentrifugalKeys {
    private static final KeyList LIST = new KeyList();
    private static final String SECTION = "protocols.centrifugal.";
    private static final Pattern PATH = Pattern.compile("(/[^/\\s?#{}%\\p{Cntrl}]+)+");
    private static final ValueType<String> PATH_TYPE = Types.text("a path such as /connection", PATH);
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    static final Key<Boolean> ENABLED =
            LIST.add(SECTION + "enabled", Types.bool(), "false", "Whether the Centrifugal protocol is served.");
    static final Key<List<String>> PATH_KEY = LIST.add(
            SECTION + "path",
            Types.listOf(PATH_TYPE),
            "/connection",
            "Prefixes of its endpoints websocket, http_stream, sse, and the same with uni_ before.");
    static final Key<String> EMULATION = LIST.add(
            SECTION + "emulation",
            PATH_TYPE,
            "/emulation",
            "Where clients of http_stream and sse say what they say later; on any node.");
    static final Key<Boolean> ANONYMOUS =
            LIST.add(SECTION + "anonymous", Types.bool(), "false", "Whether somebody without a token may connect.");
    static final Key<Boolean> ANONYMOUS_TOKENS = LIST.add(
            SECTION + "anonymous_tokens", Types.bool(), "true", "Whether a token may name no user (an empty sub).");
    static final Key<Boolean> INSECURE = LIST.add(
            SECTION + "insecure",
            Types.bool(),
            "false",
            "Whether everybody may do everything that there is, without a token: for trials and tests only.");
    static final Key<Optional<String>> PERSONAL = LIST.add(
            SECTION + "personal",
            Types.optional(Types.text("a namespace such as user", NAMESPACE)),
            "none",
            "The namespace in which everybody who has signed in hears a topic of its own without asking: user gives"
                    + " user:42, default gives #42, another one NAME:#42.");
    static final Key<Duration> PING =
            time("ping_interval", Duration.ZERO, "25s", "How often a client is asked whether it is there; 0 is never.");
    static final Key<Duration> PONG =
            time("pong_timeout", Duration.ofMillis(100), "8s", "Within what time it has to answer.");
    static final Key<Duration> CONNECT = time(
            "connect_timeout", Duration.ofMillis(100), "10s", "Within what time a connection has to say who it is.");
    static final Key<Duration> GRACE =
            time("expiry_grace", Duration.ZERO, "25s", "How long what has expired may still be renewed.");
    static final Key<Integer> CHANNEL_BYTES =
            LIST.add(SECTION + "channel_bytes", Types.integer(1, 255), "255", "How long the name of a channel may be.");

    private CentrifugalKeys() {}

    static List<Key<?>> all() {
        return LIST.all();
    }

    private static Key<Duration> time(String name, Duration min, String fallback, String doc) {
        return LIST.add(SECTION + name, Types.duration(min, Duration.ofHours(1)), fallback, doc);
    }

    static CentrifugalSettings settings(ConfigValues values) {
        return new CentrifugalSettings(
                values.get(PATH_KEY),
                values.get(EMULATION),
                Version.text(),
                values.get(ANONYMOUS),
                values.get(ANONYMOUS_TOKENS),
                values.get(INSECURE),
                values.get(PERSONAL),
                values.get(Keys.NAMESPACES).stream()
                        .collect(Collectors.toUnmodifiableMap(NamespaceRules::name, NamespaceRules::channels)),
                new CentrifugalSettings.Limits(
                        values.get(PING),
                        values.get(PONG),
                        values.get(CONNECT),
                        values.get(GRACE),
                        values.get(Keys.TOPICS_PER_SESSION),
                        values.get(CHANNEL_BYTES)));
    }
}
