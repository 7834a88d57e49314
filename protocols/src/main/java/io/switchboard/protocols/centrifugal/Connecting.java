package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection becomes somebody: who it is, by a token or by what the application says, then what it listens to
 * without asking, and only then is it told. If any of this fails, all of it does.
 */
final class Connecting {
    private final Parts parts;
    private final Liveness liveness;
    private final Renewal renewal;
    private final ServerSide serverSide;

    Connecting(Parts parts, Liveness liveness, Renewal renewal, ServerSide serverSide) {
        this.parts = parts;
        this.liveness = liveness;
        this.renewal = renewal;
        this.serverSide = serverSide;
    }

    /** What has been found out. */
    private record Known(
            Identity identity, boolean refreshes, @Nullable Message data, List<Token.Grant> topics) {}

    void begin(Turn turn, Ask.Connect ask) {
        Conversation with = turn.with();
        turn.client().state = Client.State.CONNECTING;
        boolean isSomebody = !with.identity().user().isEmpty();
        if (!ask.token().isEmpty()) {
            with.await(parts.tokens().connection(ask.token()), (verdict, failure) -> judged(turn, ask, verdict));
        } else if (parts.backend().decides(Backend.Question.CONNECT, "")) {
            var question = new Backend.Connect(
                    parts.caller(turn.client(), with),
                    ask.name(),
                    ask.version(),
                    ask.data(),
                    List.copyOf(ask.subs().keySet()));
            with.await(parts.backend().connect(question), (reply, failure) -> replied(turn, ask, reply));
        } else if (isSomebody
                || parts.settings().anonymous()
                || parts.settings().insecure()) {
            known(turn, ask, new Known(with.identity(), false, null, List.of()));
        } else {
            turn.end(Ending.BAD_REQUEST);
        }
    }

    // Who it is

    private void judged(Turn turn, Ask.Connect ask, Tokens.@Nullable Verdict verdict) {
        switch (verdict) {
            case Tokens.Verdict.Valid(Token token) -> {
                if (token.user().isEmpty() && !parts.settings().anonymousTokens()) {
                    turn.end(Ending.PERMISSION_DENIED);
                    return;
                }
                turn.client().meta = token.meta();
                turn.client().granted = Renewal.granted(token);
                var identity = new Identity(
                        token.user(),
                        token.device(),
                        token.info(),
                        parts.settings().insecure() ? OptionalLong.empty() : token.expiresAtMillis(),
                        token.id(),
                        List.of());
                known(turn, ask, new Known(identity, !parts.renewsSessions(), null, token.topics()));
            }
            case Tokens.Verdict.Expired expired -> refuse(turn, ErrorCode.TOKEN_EXPIRED.failure());
            case Tokens.Verdict.Invalid invalid -> turn.end(Ending.INVALID_TOKEN);
            case Tokens.Verdict.Undecided undecided -> refuse(turn, ErrorCode.INTERNAL.failure());
            case null -> refuse(turn, ErrorCode.INTERNAL.failure());
        }
    }

    private void replied(Turn turn, Ask.Connect ask, Backend.@Nullable Reply<Backend.Connected> reply) {
        switch (reply) {
            case Backend.Reply.Granted<Backend.Connected>(Backend.Connected connected) -> {
                turn.client().meta = connected.meta();
                var identity = new Identity(
                        connected.user(), "", connected.info(), connected.expiresAtMillis(), "", List.of());
                known(turn, ask, new Known(identity, !parts.renewsSessions(), connected.data(), connected.topics()));
            }
            case Backend.Reply.Denied<Backend.Connected>(int code, String text, boolean temporary) ->
                refuse(turn, new ErrorCode.Failure(code, text, temporary));
            case Backend.Reply.Dismissed<Backend.Connected>(var reason) -> turn.end(reason);
            case null -> refuse(turn, ErrorCode.INTERNAL.failure());
        }
    }

    private static void refuse(Turn turn, ErrorCode.Failure why) {
        turn.client().state = Client.State.REFUSED;
        turn.fail(why);
    }

    private void known(Turn turn, Ask.Connect ask, Known known) {
        Identity identity = known.identity();
        if (Parts.isPast(identity.expiresAtMillis(), turn.with().millis())) {
            refuse(turn, ErrorCode.EXPIRED.failure());
            return;
        }
        turn.with().identify(identity, refusal -> {
            if (refusal == null) {
                turn.client().expiresAt = identity.expiresAtMillis();
                turn.client().refreshes = known.refreshes();
                listen(turn, ask, known);
            } else {
                turn.end(Ending.of(refusal));
            }
        });
    }

    // What it listens to

    /** Of the built-in users' namespace the topic all protocols know; elsewhere one that is limited to this user. */
    private static Topic personal(String namespace, String user) {
        return switch (namespace) {
            case "user" -> Topic.user(user);
            case "default" -> Topic.of("#" + user);
            default -> Topic.of(namespace + ":#" + user);
        };
    }

    private void listen(Turn turn, Ask.Connect ask, Known known) {
        Map<Topic, Token.Grant> grants = new LinkedHashMap<>();
        known.topics().forEach(grant -> grants.putIfAbsent(grant.topic(), grant));
        String user = known.identity().user();
        if (!user.isEmpty()) {
            parts.settings().personal().ifPresent(namespace -> {
                Topic topic = personal(namespace, user);
                grants.putIfAbsent(topic, new Token.Grant(topic));
            });
        }
        if (grants.size() > parts.settings().limits().channels()) {
            turn.end(Ending.CHANNEL_LIMIT);
        } else if (grants.keySet().stream()
                .anyMatch(topic -> !turn.with().namespace(topic).isKnown())) {
            refuse(turn, ErrorCode.UNKNOWN_CHANNEL.failure());
        } else {
            new Together(turn, ask, known, grants).begin();
        }
    }

    /** All the channels of a connect: the client is told when it listens to the last. */
    private final class Together {
        private final Turn turn;
        private final Ask.Connect ask;
        private final Known known;
        private final Map<Topic, Token.Grant> grants;
        private final Map<String, Result.Subscribed> begun = new LinkedHashMap<>();
        private boolean failed;

        Together(Turn turn, Ask.Connect ask, Known known, Map<Topic, Token.Grant> grants) {
            this.turn = turn;
            this.ask = ask;
            this.known = known;
            this.grants = grants;
        }

        void begin() {
            if (grants.isEmpty()) {
                connected(turn, known, begun);
                return;
            }
            List<Conversation.Wish> wishes = new ArrayList<>();
            grants.values().forEach(grant -> wishes.add(wish(grant)));
            turn.with().listenTogether(wishes);
        }

        private Conversation.Wish wish(Token.Grant grant) {
            Topic topic = grant.topic();
            Namespace namespace = grant.overrides().of(turn.with().namespace(topic));
            Ask.Resume resume = ask.subs().getOrDefault(topic.name(), new Ask.Resume(false, 0, ""));
            Listening listening = Listens.listening(namespace, Listens.Wish.none(resume), grant.info(), null);
            boolean recoverable = Listens.isRecoverable(namespace, Listens.Wish.none(resume));
            var sub = new Client.Sub(true);
            sub.info = grant.info();
            turn.client().put(topic, sub);
            return new Conversation.Wish(topic, listening, new Listening.Answer() {
                @Override
                public void begins(Listening.Start start) {
                    if (start.confirmed()) {
                        sub.active = true;
                        begun(topic, listened(listening, recoverable, start, grant));
                    } else {
                        fail();
                    }
                }

                @Override
                public void fails(Event.Reason reason, String detail) {
                    fail();
                }
            });
        }

        private Result.Subscribed listened(
                Listening listening, boolean recoverable, Listening.Start start, Token.Grant grant) {
            return Listens.subscribed(listening, recoverable, start, OptionalLong.empty(), grant.data());
        }

        private void begun(Topic topic, Result.Subscribed result) {
            begun.put(topic.name(), result);
            if (!failed && begun.size() == grants.size()) {
                connected(turn, known, begun);
            }
        }

        private void fail() {
            if (!failed) {
                failed = true;
                for (Topic topic : grants.keySet()) {
                    turn.client().remove(topic);
                    turn.with().leave(topic);
                }
                refuse(turn, ErrorCode.INTERNAL.failure());
            }
        }
    }

    // It is told

    private void connected(Turn turn, Known known, Map<String, Result.Subscribed> subs) {
        Client client = turn.client();
        Conversation with = turn.with();
        client.state = Client.State.CONNECTED;
        StreamEndpoint.Uplink uplink = client.uplink == null ? null : client.uplink.get();
        String session = uplink != null ? uplink.key() : client.dialect.unidirectional() ? with.id() : "";
        if (!parts.backend().equals(Backend.NONE)) {
            client.caller = parts.caller(client, with);
        }
        turn.answer(new Result.Connected(
                with.id(),
                parts.settings().version(),
                client.refreshes ? Parts.ttl(client.expiresAt, with.millis()) : OptionalLong.empty(),
                known.data(),
                subs,
                liveness.seconds(client),
                liveness.wantsPong(client),
                session,
                uplink == null ? "" : uplink.node()));
        liveness.connected(client, with);
        renewal.watch(client, with);
        serverSide.connected(client, with);
    }
}
