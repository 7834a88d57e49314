package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import io.switchboard.protocols.centrifugal.Reply.Result;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client, and that it may listen, holds for a while; then it is renewed, by the client with a newer
 * token or by asking the application, or it ends. A clock that was set before the last renewal does nothing.
 */
final class Renewal {
    private final Parts parts;

    Renewal(Parts parts) {
        this.parts = parts;
    }

    private long graceMillis() {
        return parts.settings().limits().grace().toMillis();
    }

    // Of the connection

    void watch(Client client, Conversation with) {
        int clock = ++client.clock;
        if (client.expiresAt.isPresent()) {
            // Who only listens cannot renew anything.
            boolean renewable = client.refreshes && !client.dialect.unidirectional();
            long wait = client.expiresAt.getAsLong() - with.millis() + (renewable ? graceMillis() : 0);
            with.later(
                    () -> {
                        if (client.clock == clock) {
                            expired(client, with, clock);
                        }
                    },
                    Math.max(1, wait));
        }
    }

    private void expired(Client client, Conversation with, int clock) {
        if (client.refreshes || !parts.renewsSessions()) {
            with.close(Ending.EXPIRED);
            return;
        }
        var question = new Backend.Refresh(parts.caller(client, with));
        with.await(parts.backend().refresh(question), (reply, failure) -> {
            if (client.clock == clock) {
                answered(client, with, reply);
            }
        });
    }

    private void answered(Client client, Conversation with, Backend.@Nullable Reply<Backend.Refreshed> reply) {
        switch (reply) {
            case Backend.Reply.Granted<Backend.Refreshed>(Backend.Refreshed refreshed) -> {
                if (refreshed.expired()) {
                    with.close(Ending.EXPIRED);
                } else {
                    client.meta = refreshed.meta() == null ? client.meta : refreshed.meta();
                    know(client, with, refreshed.expiresAtMillis(), refreshed.info());
                }
            }
            case Backend.Reply.Dismissed<Backend.Refreshed>(var reason) -> with.close(reason);
            // The application may be away for a moment.
            case Backend.Reply.Denied<Backend.Refreshed> denied -> lastWait(client, with);
            case null -> lastWait(client, with);
        }
    }

    private void lastWait(Client client, Conversation with) {
        int clock = ++client.clock;
        with.later(
                () -> {
                    if (client.clock == clock) {
                        with.close(Ending.EXPIRED);
                    }
                },
                graceMillis());
    }

    /** The same user, known anew. */
    void know(Client client, Conversation with, OptionalLong expiresAt, @Nullable Message info) {
        Identity now = with.identity();
        var next = new Identity(
                now.user(), now.device(), info == null ? now.info() : info, expiresAt, now.token(), now.topics());
        with.identify(next, refusal -> {
            client.expiresAt = expiresAt;
            watch(client, with);
        });
    }

    void refresh(Turn turn, Ask.Refresh ask) {
        if (ask.token().isEmpty() || parts.renewsSessions()) {
            turn.end(Ending.BAD_REQUEST);
        } else if (parts.tokens().equals(Tokens.NONE)) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
        } else {
            turn.with().await(parts.tokens().connection(ask.token()), (verdict, failure) -> judged(turn, verdict));
        }
    }

    private void judged(Turn turn, Tokens.@Nullable Verdict verdict) {
        switch (verdict) {
            case Tokens.Verdict.Valid(Token token) -> {
                if (!token.user().equals(turn.with().identity().user())) {
                    turn.end(Ending.INVALID_TOKEN);
                } else if (!granted(token).equals(turn.client().granted)) {
                    // It comes back, and listens to the others.
                    turn.end(Ending.INSUFFICIENT_STATE);
                } else {
                    renewed(turn, token);
                }
            }
            case Tokens.Verdict.Expired expired -> turn.end(Ending.EXPIRED);
            case Tokens.Verdict.Invalid invalid -> turn.end(Ending.INVALID_TOKEN);
            case Tokens.Verdict.Undecided undecided -> turn.fail(ErrorCode.INTERNAL);
            case null -> turn.fail(ErrorCode.INTERNAL);
        }
    }

    static Set<Topic> granted(Token token) {
        return token.topics().stream().map(Token.Grant::topic).collect(Collectors.toUnmodifiableSet());
    }

    private void renewed(Turn turn, Token token) {
        Client client = turn.client();
        Conversation with = turn.with();
        Identity now = with.identity();
        OptionalLong expiresAt = parts.settings().insecure() ? OptionalLong.empty() : token.expiresAtMillis();
        var next = new Identity(now.user(), now.device(), token.info(), expiresAt, token.id(), now.topics());
        with.identify(next, refusal -> {
            if (refusal != null) {
                turn.end(Ending.PERMISSION_DENIED);
                return;
            }
            client.expiresAt = expiresAt;
            client.refreshes = true;
            client.meta = token.meta();
            turn.answer(
                    new Result.Refreshed(with.id(), parts.settings().version(), Parts.ttl(expiresAt, with.millis())));
            watch(client, with);
        });
    }

    // Of a channel

    void watch(Client client, Conversation with, Topic topic, Client.Sub sub) {
        int clock = ++sub.clock;
        if (sub.expiresAt.isPresent()) {
            boolean asks = asks(topic, sub);
            long wait = sub.expiresAt.getAsLong() - with.millis() + (asks ? 0 : graceMillis());
            with.later(
                    () -> {
                        if (client.has(topic, sub) && sub.clock == clock) {
                            expired(client, with, topic, sub, asks);
                        }
                    },
                    Math.max(1, wait));
        }
    }

    private boolean asks(Topic topic, Client.Sub sub) {
        return !sub.refreshes && parts.backend().decides(Backend.Question.SUB_REFRESH, topic.namespace());
    }

    private void expired(Client client, Conversation with, Topic topic, Client.Sub sub, boolean asks) {
        if (!asks) {
            end(client, with, topic, sub);
            return;
        }
        int clock = sub.clock;
        var question = new Backend.SubRefresh(parts.caller(client, with), topic);
        with.await(parts.backend().subRefresh(question), (reply, failure) -> {
            if (client.has(topic, sub) && sub.clock == clock) {
                if (reply instanceof Backend.Reply.Granted<Backend.SubRefreshed>(Backend.SubRefreshed refreshed)
                        && !refreshed.expired()) {
                    sub.expiresAt = refreshed.expiresAtMillis();
                    sub.info = refreshed.info() == null ? sub.info : refreshed.info();
                    watch(client, with, topic, sub);
                } else if (reply instanceof Backend.Reply.Dismissed<Backend.SubRefreshed>(var reason)) {
                    with.close(reason);
                } else {
                    end(client, with, topic, sub);
                }
            }
        });
    }

    private void end(Client client, Conversation with, Topic topic, Client.Sub sub) {
        if (sub.byServer) {
            with.close(Ending.SUBSCRIPTION_EXPIRED);
            return;
        }
        client.remove(topic);
        with.leave(topic);
        with.say(new Event.Said(new Reply.Pushed(topic.name(), Ending.UNSUBSCRIBED_EXPIRED)));
        parts.tellUnsubscribed(client, topic, Ending.UNSUBSCRIBED_EXPIRED);
    }

    void subRefresh(Turn turn, Ask.SubRefresh ask) {
        Topic topic;
        try {
            topic = Topic.of(ask.channel());
        } catch (IllegalArgumentException e) {
            turn.end(Ending.BAD_REQUEST);
            return;
        }
        Client.Sub sub = turn.client().sub(topic);
        if (ask.type() != 0) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
        } else if (sub == null || !sub.active) {
            turn.fail(ErrorCode.PERMISSION_DENIED);
        } else if (asks(topic, sub)) {
            turn.end(Ending.BAD_REQUEST);
        } else if (ask.token().isEmpty()) {
            turn.fail(ErrorCode.BAD_REQUEST);
        } else {
            turn.with()
                    .await(
                            parts.tokens().subscription(ask.token()),
                            (verdict, failure) -> judged(turn, ask, topic, sub, verdict));
        }
    }

    private void judged(Turn turn, Ask.SubRefresh ask, Topic topic, Client.Sub sub, Tokens.@Nullable Verdict verdict) {
        switch (verdict) {
            case Tokens.Verdict.Valid(Token token) -> {
                Conversation with = turn.with();
                if (!Parts.isFor(token, ask.channel(), with)) {
                    turn.end(Ending.INVALID_TOKEN);
                } else if (!turn.client().has(topic, sub)) {
                    turn.fail(ErrorCode.PERMISSION_DENIED);
                } else {
                    sub.expiresAt = parts.settings().insecure() ? OptionalLong.empty() : token.expiresAtMillis();
                    sub.refreshes = true;
                    sub.info = token.info();
                    turn.answer(new Result.SubRefreshed(Parts.ttl(sub.expiresAt, with.millis())));
                    watch(turn.client(), with, topic, sub);
                }
            }
            // Said for good, the client would give the channel up instead of fetching a newer token.
            case Tokens.Verdict.Expired expired -> turn.fail(ErrorCode.TOKEN_EXPIRED.forNow());
            case Tokens.Verdict.Invalid invalid -> turn.end(Ending.INVALID_TOKEN);
            case Tokens.Verdict.Undecided undecided -> turn.fail(ErrorCode.INTERNAL);
            case null -> turn.fail(ErrorCode.INTERNAL);
        }
    }
}
