package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Namespace.Access;
import io.switchboard.protocol.Request;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the protocol's tests play on: tokens that say in plain words what is in them, and a few namespaces. */
final class Stage {
    static final Namespace.History HISTORY = new Namespace.History(
            10, Duration.ofMinutes(1), Access.LISTENER, false, false, Namespace.Recovery.STREAM, true);
    static final Namespace.Attendance ATTENDANCE = new Namespace.Attendance(true, Access.LISTENER, true, false);

    private Stage() {}

    /** {@code user}, {@code user expiresAtMillis}, {@code user expiresAtMillis topic…}; or {@code old}, {@code bad}. */
    static final class PlainTokens implements Tokens {
        @Override
        public CompletionStage<Verdict> connection(String token) {
            String[] words = token.split(" ", -1);
            List<Token.Grant> topics = Arrays.stream(words)
                    .skip(2)
                    .map(Topic::of)
                    .map(Token.Grant::new)
                    .toList();
            return verdict(words, "", topics);
        }

        /** The topic comes third, and for whom alone fourth. */
        @Override
        public CompletionStage<Verdict> subscription(String token) {
            String[] words = token.split(" ", -1);
            return verdict(words, words.length > 2 ? words[2] : "", List.of());
        }

        private static CompletionStage<Verdict> verdict(String[] words, String topic, List<Token.Grant> topics) {
            return CompletableFuture.completedFuture(
                    switch (words[0]) {
                        case "old" -> new Verdict.Expired();
                        case "bad" -> new Verdict.Invalid("bad");
                        case "later" -> new Verdict.Undecided("no key now");
                        default ->
                            new Verdict.Valid(new Token(
                                    words[0],
                                    topic,
                                    words.length > 3 && !topic.isEmpty() ? words[3] : "",
                                    "",
                                    "",
                                    OptionalLong.empty(),
                                    OptionalLong.empty(),
                                    words.length > 1 && !words[1].equals("0")
                                            ? OptionalLong.of(Long.parseLong(words[1]))
                                            : OptionalLong.empty(),
                                    "",
                                    List.of(),
                                    null,
                                    null,
                                    topics,
                                    Token.Overrides.NONE));
                    });
        }
    }

    static Heard with(CentrifugalSettings settings) {
        return with(settings, Backend.NONE, false);
    }

    static Heard with(CentrifugalSettings settings, Backend backend, boolean unidirectional) {
        return with(settings, backend, client(unidirectional));
    }

    static Client client(boolean unidirectional) {
        var request = new Request("/connection/websocket", Map.of(), Map.of(), Map.of(), "127.0.0.1");
        return new Client(new Dialect(true, unidirectional, false), "websocket", request, null, false);
    }

    static Heard with(CentrifugalSettings settings, Backend backend, Client client) {
        var heard = new Heard(new Conduct(new Parts(settings, new PlainTokens(), backend)), client);
        namespace(heard, "open", Access.ANYONE);
        namespace(heard, "signed", Access.SIGNED_IN);
        namespace(heard, "members", Access.LISTENER);
        namespace(heard, "owned", Access.OWNER);
        namespace(heard, "shut", Access.NOBODY);
        heard.namespaces.put("", rules("", Access.ANYONE));
        heard.namespaces.put("user", Namespace.USER);
        heard.namespaces.put("session", Namespace.SESSION);
        heard.namespaces.put("bare", new Namespace("bare", Access.ANYONE, Access.ANYONE, Namespace.Scope.CLUSTER));
        return heard;
    }

    private static void namespace(Heard heard, String name, Access access) {
        heard.namespaces.put(name, rules(name, access));
    }

    private static Namespace rules(String name, Access access) {
        return new Namespace(
                name,
                access,
                access,
                Namespace.Scope.CLUSTER,
                Namespace.Slow.DISCONNECT,
                false,
                new Namespace.History(
                        HISTORY.size(), HISTORY.ttl(), access, false, false, Namespace.Recovery.STREAM, true),
                new Namespace.Attendance(true, access, true, false));
    }

    /** Somebody who is in. */
    static Heard connected(CentrifugalSettings settings, String user) {
        Heard heard = with(user.isEmpty() ? settings.withAnonymous(true) : settings);
        heard.says(
                user.isEmpty() ? "{\"id\":1,\"connect\":{}}" : "{\"id\":1,\"connect\":{\"token\":\"" + user + "\"}}");
        return heard;
    }
}
