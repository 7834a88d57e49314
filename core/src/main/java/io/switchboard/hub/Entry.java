package io.switchboard.hub;

import io.switchboard.directory.Claim;
import io.switchboard.message.Names;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How somebody becomes a user of this node, on the way in or later: with an id that is one, within the user's quota,
 * and with a place in the directory.
 */
final class Entry {
    private static final System.Logger LOG = System.getLogger(Entry.class.getName());

    private static final long LOOK_AGAIN_MILLIS = 60_000;

    private final Hub hub;

    Entry(Hub hub) {
        this.hub = hub;
    }

    /** Counts one more session of the user, which must be taken back when it ends; or says why not. */
    Optional<Refusal> enter(String user) {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        try {
            Names.check("user id", user, hub.limits.idBytes());
        } catch (IllegalArgumentException e) {
            return Optional.of(Refusal.of(400, String.valueOf(e.getMessage())));
        }
        return hub.users.enter(user)
                ? Optional.empty()
                : Optional.of(Refusal.of(429, "too many connections of this user: limits.sessions_per_user"));
    }

    /** Claims the place of a session whose user is known. */
    void claim(Session session, Consumer<Logins.Verdict> then, Consumer<Throwable> failed) {
        Awaited.on(
                session.shard,
                hub.logins.admit(session),
                hub.limits.handshake().toMillis(),
                new Awaited.Then<>(then, failed, this::giveBack));
    }

    /** Nobody waits for the answer any more, but it has been given: others have lost their places by it. */
    private void giveBack(Logins.Verdict late) {
        if (late instanceof Logins.Verdict.In(Claim claim, List<Claim> replaced)) {
            hub.logins.release(claim);
            hub.logins.evict(replaced);
        }
    }

    /**
     * Closes a session whose protocol knows no expiry when what its token says has ceased to be true. It looks again
     * now and then rather than once at the end, so that nothing is kept of a session that has gone.
     */
    void endInTime(Session session) {
        OptionalLong end = session.identity().expiresAtMillis();
        if (!session.lives() || end.isEmpty()) {
            return;
        }
        long left = end.getAsLong() - System.currentTimeMillis();
        if (left <= 0) {
            session.close(CloseReason.EXPIRED);
        } else {
            session.shard.loop.schedule(() -> endInTime(session), Math.min(left, LOOK_AGAIN_MILLIS));
        }
    }

    // Later

    /** A session that was admitted says who it is. On its loop. */
    void identify(Session session, Identity identity, Consumer<@Nullable Refusal> then) {
        String user = identity.user();
        if (user.equals(session.user())) {
            session.know(identity);
            session.shard.attendees.changed(session);
            then.accept(null);
        } else if (!session.user().isEmpty()) {
            then.accept(Refusal.of(403, "the connection is another user's"));
        } else {
            Optional<Refusal> refusal = enter(user);
            if (refusal.isPresent()) {
                then.accept(refusal.get());
                return;
            }
            session.become(user, identity.device());
            session.know(identity);
            if (hub.hasDirectory) {
                claim(
                        session,
                        verdict -> decided(session, verdict, then),
                        failure -> undo(session, unknown(failure), then));
            } else {
                then.accept(null);
            }
        }
    }

    private void decided(Session session, Logins.Verdict verdict, Consumer<@Nullable Refusal> then) {
        switch (verdict) {
            case Logins.Verdict.In in when !session.lives() -> giveBack(in);
            case Logins.Verdict.In(Claim claim, List<Claim> replaced) -> {
                session.claim = claim;
                hub.logins.evict(replaced);
                then.accept(null);
            }
            case Logins.Verdict.Out(Refusal refusal) -> undo(session, refusal, then);
        }
    }

    private static Refusal unknown(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return Refusal.busy("the node could not decide in time", Duration.ofSeconds(1));
        }
        LOG.log(System.Logger.Level.ERROR, "a session could not become a user's", failure);
        return Refusal.of(500, "internal error");
    }

    /** It is nobody's again. One that has ended meanwhile has given back what it had. */
    private void undo(Session session, Refusal refusal, Consumer<@Nullable Refusal> then) {
        if (session.closed) {
            return;
        }
        Claim claim = session.claim;
        session.claim = null;
        if (claim != null) {
            hub.logins.release(claim);
        }
        hub.users.exit(session.user());
        session.become("", "");
        session.know(Identity.NOBODY);
        if (session.lives()) {
            then.accept(refusal);
        }
    }
}
