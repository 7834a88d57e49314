package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Event;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import io.switchboard.protocols.centrifugal.Channels.Channel;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A client wants to listen to a channel, or no more. The channel is taken before anybody is asked, so that nobody else
 * can begin the same meanwhile; who comes back from asking finds out whether it is still the one that took it.
 */
final class Subscribing {
    private static final String FOSSIL = "fossil";

    private final Parts parts;
    private final Renewal renewal;

    Subscribing(Parts parts, Renewal renewal) {
        this.parts = parts;
        this.renewal = renewal;
    }

    /** What somebody decided who may decide it. */
    private record Grant(
            OptionalLong expiresAt,
            boolean refreshes,
            @Nullable Message info,
            @Nullable Message data,
            Token.Overrides overrides) {
        static final Grant PLAIN = new Grant(OptionalLong.empty(), false, null, null, Token.Overrides.NONE);
    }

    /** One attempt. */
    private record Attempt(Turn turn, Ask.Subscribe ask, Channel channel, Client.Sub sub) {
        Conversation with() {
            return turn.with();
        }

        Topic topic() {
            return channel.topic();
        }

        String user() {
            return with().identity().user();
        }

        /** Whether it was not given up while somebody was being asked. */
        boolean isCurrent() {
            return turn.client().has(topic(), sub);
        }

        void fail(ErrorCode code) {
            fail(code.failure());
        }

        void fail(ErrorCode.Failure why) {
            giveUp();
            turn.fail(why);
        }

        void giveUp() {
            if (isCurrent()) {
                turn.client().remove(topic());
            }
        }
    }

    void begin(Turn turn, Ask.Subscribe ask) {
        if (ask.channel().isEmpty() || !(ask.delta().isEmpty() || ask.delta().equals(FOSSIL))) {
            turn.end(Ending.BAD_REQUEST);
            return;
        }
        if (ask.type() != 0) {
            turn.fail(ErrorCode.NOT_AVAILABLE);
            return;
        }
        try {
            Client client = turn.client();
            Topic topic = topic(ask.channel());
            if (client.sub(topic) != null || turn.with().listensTo(topic)) {
                throw new Channels.Refused(ErrorCode.ALREADY_SUBSCRIBED);
            } else if (client.subCount() >= parts.settings().limits().channels()) {
                throw new Channels.Refused(ErrorCode.LIMIT_EXCEEDED);
            }
            Channel channel = parts.channels().find(ask.channel(), turn.with());
            var sub = new Client.Sub(false);
            client.put(channel.topic(), sub);
            decide(new Attempt(turn, ask, channel, sub));
        } catch (Channels.Refused e) {
            turn.fail(e.code());
        }
    }

    private Topic topic(String name) throws Channels.Refused {
        if (name.getBytes(StandardCharsets.UTF_8).length
                > parts.settings().limits().channelBytes()) {
            throw new Channels.Refused(ErrorCode.BAD_REQUEST);
        }
        try {
            return Topic.of(name);
        } catch (IllegalArgumentException e) {
            throw new Channels.Refused(ErrorCode.BAD_REQUEST);
        }
    }

    // Who decides

    private void decide(Attempt attempt) {
        Channel channel = attempt.channel();
        Backend backend = parts.backend();
        if (!attempt.ask().token().isEmpty()) {
            attempt.with()
                    .await(
                            parts.tokens().subscription(attempt.ask().token()),
                            (verdict, failure) -> judged(attempt, verdict));
        } else if (channel.isPrivate()) {
            attempt.fail(ErrorCode.PERMISSION_DENIED);
        } else if (!channel.isUserLimited()
                && backend.decides(
                        Backend.Question.SUBSCRIBE, channel.namespace().name())) {
            var question = new Backend.Subscribe(
                    parts.caller(attempt.turn().client(), attempt.with()),
                    channel.topic(),
                    "",
                    attempt.ask().data());
            attempt.with().await(backend.subscribe(question), (reply, failure) -> replied(attempt, reply));
        } else if (parts.channels().maySubscribe(channel, attempt.user())) {
            granted(attempt, Grant.PLAIN);
        } else {
            attempt.fail(ErrorCode.PERMISSION_DENIED);
        }
    }

    private void judged(Attempt attempt, Tokens.@Nullable Verdict verdict) {
        switch (verdict) {
            case Tokens.Verdict.Valid(Token token) -> {
                if (!Parts.isFor(token, attempt.ask().channel(), attempt.with())) {
                    attempt.giveUp();
                    attempt.turn().end(Ending.INVALID_TOKEN);
                } else {
                    granted(
                            attempt,
                            new Grant(
                                    parts.settings().insecure() ? OptionalLong.empty() : token.expiresAtMillis(),
                                    !renewsListening(attempt.channel()),
                                    token.info(),
                                    null,
                                    token.overrides()));
                }
            }
            case Tokens.Verdict.Expired expired -> attempt.fail(ErrorCode.TOKEN_EXPIRED);
            case Tokens.Verdict.Invalid invalid -> attempt.fail(ErrorCode.PERMISSION_DENIED);
            case Tokens.Verdict.Undecided undecided -> attempt.fail(ErrorCode.INTERNAL);
            case null -> attempt.fail(ErrorCode.INTERNAL);
        }
    }

    private boolean renewsListening(Channel channel) {
        return parts.backend()
                .decides(Backend.Question.SUB_REFRESH, channel.namespace().name());
    }

    private void replied(Attempt attempt, Backend.@Nullable Reply<Backend.Subscribed> reply) {
        switch (reply) {
            case Backend.Reply.Granted<Backend.Subscribed>(Backend.Subscribed subscribed) ->
                granted(
                        attempt,
                        new Grant(
                                subscribed.expiresAtMillis(),
                                !renewsListening(attempt.channel()),
                                subscribed.info(),
                                subscribed.data(),
                                subscribed.overrides()));
            case Backend.Reply.Denied<Backend.Subscribed>(int code, String text, boolean temporary) ->
                attempt.fail(new ErrorCode.Failure(code, text, temporary));
            case Backend.Reply.Dismissed<Backend.Subscribed>(var reason) -> {
                attempt.giveUp();
                attempt.turn().end(reason);
            }
            case null -> attempt.fail(ErrorCode.INTERNAL);
        }
    }

    // How it listens

    private void granted(Attempt attempt, Grant grant) {
        if (!attempt.isCurrent()) {
            attempt.turn().fail(ErrorCode.INTERNAL);
            return;
        }
        if (Channels.isNobodys(attempt.channel())) {
            attempt.fail(ErrorCode.PERMISSION_DENIED);
            return;
        }
        @Nullable TagFilter filter = null;
        if (attempt.ask().filter() != null) {
            try {
                filter = filter(attempt);
            } catch (IllegalArgumentException e) {
                attempt.fail(ErrorCode.BAD_REQUEST);
                return;
            }
        }
        if (Parts.isPast(grant.expiresAt(), attempt.with().millis())) {
            attempt.fail(ErrorCode.EXPIRED);
            return;
        }
        Client.Sub sub = attempt.sub();
        sub.expiresAt = grant.expiresAt();
        sub.refreshes = grant.refreshes();
        sub.info = grant.info();
        Namespace namespace = grant.overrides().of(attempt.channel().namespace());
        Listens.Wish wish = wish(attempt);
        Listening listening = Listens.listening(namespace, wish, grant.info(), filter);
        attempt.with()
                .listen(
                        attempt.topic(),
                        listening,
                        new Answer(attempt, grant, listening, Listens.isRecoverable(namespace, wish)));
    }

    private static @Nullable TagFilter filter(Attempt attempt) {
        Ask.Filter filter = attempt.ask().filter();
        if (filter == null) {
            return null;
        } else if (!attempt.channel().rules().tagsFilter()) {
            throw new IllegalArgumentException("this namespace knows no filters");
        }
        return TagFilter.of(filter);
    }

    /** What a client asks for it gets where it may read the history, or presence, anyway. */
    private Listens.Wish wish(Attempt attempt) {
        Ask.Subscribe ask = attempt.ask();
        Channel channel = attempt.channel();
        boolean history = parts.channels().mayReadHistory(channel, attempt.user(), true);
        boolean presence = parts.channels().mayReadPresence(channel, attempt.user(), true);
        return new Listens.Wish(
                ask.positioned() && (history || channel.rules().positioning()),
                ask.recoverable() && (history || channel.rules().recovery()),
                ask.joinLeave() && presence,
                ask.delta().equals(FOSSIL),
                ask.resume());
    }

    private final class Answer implements Listening.Answer {
        private final Attempt attempt;
        private final Grant grant;
        private final Listening listening;
        private final boolean recoverable;

        Answer(Attempt attempt, Grant grant, Listening listening, boolean recoverable) {
            this.attempt = attempt;
            this.grant = grant;
            this.listening = listening;
            this.recoverable = recoverable;
        }

        @Override
        public void begins(Listening.Start start) {
            Conversation with = attempt.with();
            Client.Sub sub = attempt.sub();
            if (!start.confirmed()) {
                // What other nodes publish could be missed, and nobody would know.
                with.leave(attempt.topic());
                attempt.fail(ErrorCode.INTERNAL);
                return;
            }
            var result = Listens.subscribed(
                    listening,
                    recoverable,
                    start,
                    sub.refreshes ? Parts.ttl(grant.expiresAt(), with.millis()) : OptionalLong.empty(),
                    grant.data());
            boolean mustRecover = (attempt.ask().flag() & Ask.Subscribe.MUST_RECOVER) != 0;
            if (mustRecover && result.wasRecovering() && !result.recovered()) {
                with.leave(attempt.topic());
                attempt.fail(ErrorCode.UNRECOVERABLE_POSITION);
                return;
            }
            sub.active = true;
            attempt.turn().answer(result);
            renewal.watch(attempt.turn().client(), with, attempt.topic(), sub);
        }

        @Override
        public void fails(Event.Reason reason, String detail) {
            attempt.fail(
                    switch (reason) {
                        case TOO_MANY_TOPICS -> ErrorCode.LIMIT_EXCEEDED;
                        case NOT_PERMITTED -> ErrorCode.PERMISSION_DENIED;
                        case UNKNOWN_TOPIC -> ErrorCode.UNKNOWN_CHANNEL;
                        case TOO_FAST -> ErrorCode.TOO_MANY_REQUESTS;
                        case MALFORMED, NOT_A_LISTENER, NOT_SENT, MAYBE_SENT, INTERNAL -> ErrorCode.INTERNAL;
                    });
        }
    }

    // No more

    /** Also of a channel that it does not listen to. */
    void end(Turn turn, Ask.Unsubscribe ask) {
        if (ask.channel().isEmpty()) {
            turn.end(Ending.BAD_REQUEST);
            return;
        }
        try {
            Topic topic = topic(ask.channel());
            if (turn.client().remove(topic) != null) {
                turn.with().leave(topic);
                parts.tellUnsubscribed(turn.client(), topic, Ending.UNSUBSCRIBED_BY_CLIENT);
            }
            turn.answer(new Reply.Result.Unsubscribed());
        } catch (Channels.Refused e) {
            turn.answer(new Reply.Result.Unsubscribed());
        }
    }
}
