package io.switchboard.protocols.centrifugal;

import io.switchboard.message.Topic;
import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import java.util.OptionalLong;

/** What every part of the protocol asks and obeys. */
record Parts(CentrifugalSettings settings, Channels channels, Tokens tokens, Backend backend) {
    Parts(CentrifugalSettings settings, Tokens tokens, Backend backend) {
        this(settings, new Channels(settings), tokens, backend);
    }

    Backend.Caller caller(Client client, Conversation with) {
        return new Backend.Caller(
                with.id(),
                with.identity().user(),
                client.transport,
                "centrifugal",
                client.dialect.json() ? "json" : "binary",
                client.request.headers(),
                client.request.remoteAddress(),
                client.meta);
    }

    /** Whether the application is the one to renew what it knows of a session. */
    boolean renewsSessions() {
        return backend.decides(Backend.Question.REFRESH, "");
    }

    /** Tells the application that a client listens no more, if it wants to know. */
    void tellUnsubscribed(Client client, Topic topic, Reply.Push.Unsubscribe why) {
        Backend.Caller caller = client.caller;
        if (caller != null && backend.decides(Backend.Question.UNSUBSCRIBE, topic.namespace())) {
            backend.unsubscribed(caller, topic, why.code(), why.reason());
        }
    }

    /** Whether a token for a channel is for this one, and was made for this client. */
    static boolean isFor(Token token, String channel, Conversation with) {
        return token.topic().equals(channel)
                && token.user().equals(with.identity().user())
                && (token.client().isEmpty() || token.client().equals(with.id()));
    }

    /** Seconds until then, at least one; empty for ever. */
    static OptionalLong ttl(OptionalLong expiresAt, long now) {
        return expiresAt.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(1, (expiresAt.getAsLong() - now + 999) / 1000));
    }

    static boolean isPast(OptionalLong expiresAt, long now) {
        return expiresAt.isPresent() && expiresAt.getAsLong() <= now;
    }
}
