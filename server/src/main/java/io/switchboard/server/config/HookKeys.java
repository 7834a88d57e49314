package io.switchboard.server.config;

import io.switchboard.protocol.Backend.Question;
import io.switchboard.tokens.callbacks.CallbackSettings;
import io.switchboard.tokens.callbacks.Hook;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys of {@code hooks}: where the application is asked by HTTP. */
final class HookKeys {
    private static final KeyList LIST = new KeyList();
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern NAMESPACE = Pattern.compile("\\*|[A-Za-z0-9_-]{1,64}");
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "content-length",
            "content-type",
            "transfer-encoding",
            "upgrade",
            "expect",
            "http2-settings",
            "x-switchboard-timestamp",
            "x-switchboard-signature");

    static final Map<Question, Key<Optional<URI>>> URLS = urls();
    static final Map<Question, Key<List<String>>> NAMESPACES = namespaces();
    static final Key<Duration> TIMEOUT = LIST.add(
            "hooks.timeout",
            Types.duration(Duration.ofMillis(10), Duration.ofSeconds(30)),
            "1s",
            "How long the application may take to answer, a second attempt included.");
    static final Key<Optional<Secret>> SECRET = LIST.add(
            "hooks.secret",
            Types.optional(Types.secret()),
            "none",
            "What requests to the application are signed with (X-Switchboard-Signature).");
    static final Key<List<String>> HEADERS = LIST.add(
            "hooks.headers",
            Types.listOf(Types.text("a header's name", HEADER)),
            "",
            "Headers of the client's request that are passed on, such as cookie or x-request-id.");
    static final Key<Integer> CONCURRENCY = LIST.add(
            "hooks.concurrency",
            Types.integer(1, 100_000),
            "256",
            "How many questions may wait for their answers at a time; more are told to try again (error 100).");
    static final Key<Integer> QUEUE = LIST.add(
            "hooks.queue",
            Types.integer(1, 10_000_000),
            "10000",
            "How many notices (disconnect, unsubscribe) may wait to be told; more are dropped, and counted.");

    private HookKeys() {}

    static List<Key<?>> all() {
        return LIST.all();
    }

    private static Map<Question, Key<Optional<URI>>> urls() {
        var urls = new EnumMap<Question, Key<Optional<URI>>>(Question.class);
        for (Question question : Question.values()) {
            if (question != Question.SEND) {
                urls.put(
                        question,
                        LIST.add(
                                "hooks." + name(question) + ".url",
                                Types.optional(AuthKeys.url("http://127.0.0.1:3000/" + name(question))),
                                "none",
                                doc(question)));
            }
        }
        return Map.copyOf(urls);
    }

    private static Map<Question, Key<List<String>>> namespaces() {
        var keys = new EnumMap<Question, Key<List<String>>>(Question.class);
        for (Question question :
                List.of(Question.SUBSCRIBE, Question.SUB_REFRESH, Question.PUBLISH, Question.UNSUBSCRIBE)) {
            keys.put(
                    question,
                    LIST.add(
                            "hooks." + name(question) + ".namespaces",
                            Types.listOf(Types.text("a namespace, default, or * for all", NAMESPACE)),
                            "*",
                            "The namespaces of the topics that it is about; default is that of topics without one."));
        }
        return Map.copyOf(keys);
    }

    private static String name(Question question) {
        return question.name().toLowerCase(Locale.ROOT);
    }

    private static String doc(Question question) {
        String what = switch (question) {
            case CONNECT -> "who somebody without a token is";
            case REFRESH -> "whether somebody who is about to expire still is who it was";
            case SUBSCRIBE -> "whether somebody may listen to a topic";
            case SUB_REFRESH -> "whether somebody may still listen to a topic";
            case PUBLISH -> "whether somebody may publish to a topic";
            case RPC -> "whatever a client asks by rpc";
            case SEND -> "whatever a client sends";
            case DISCONNECT -> "";
            case UNSUBSCRIBE -> "";
        };
        return what.isEmpty()
                ? "Where the application is told that a client has gone (disconnect) or left a topic (unsubscribe)."
                : "Where the application is asked " + what + ".";
    }

    /** None where the application is asked nothing. */
    static Optional<CallbackSettings> settings(ConfigValues values) {
        var hooks = new EnumMap<Question, Hook>(Question.class);
        URLS.forEach((question, key) -> values.get(key)
                .ifPresent(url -> hooks.put(question, new Hook(url, values.get(TIMEOUT), names(values, question)))));
        return hooks.isEmpty()
                ? Optional.empty()
                : Optional.of(new CallbackSettings(
                        hooks,
                        values.get(SECRET).map(Secret::text),
                        values.get(HEADERS).stream()
                                .map(header -> header.toLowerCase(Locale.ROOT))
                                .toList(),
                        values.get(CONCURRENCY),
                        values.get(QUEUE)));
    }

    private static Set<String> names(ConfigValues values, Question question) {
        Key<List<String>> key = NAMESPACES.get(question);
        if (key == null || values.get(key).contains("*")) {
            return Set.of();
        }
        return values.get(key).stream().map(NamespaceType::nameOf).collect(Collectors.toUnmodifiableSet());
    }

    static void check(ConfigValues values) {
        if (!values.sound(HEADERS)) {
            return;
        }
        for (String header : values.get(HEADERS)) {
            if (OURS.contains(header.toLowerCase(Locale.ROOT))) {
                values.reportAt(HEADERS, header + " is the request's own and cannot be passed on; leave it out");
            }
        }
        NAMESPACES.values().forEach(key -> {
            if (values.sound(key) && values.get(key).isEmpty()) {
                values.reportAt(key, "the list is empty; name a namespace, or * for all");
            }
        });
    }
}
