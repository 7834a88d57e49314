package io.switchboard.hub;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Topics with one listener at most, each held by a claim in the directory. The newest session that binds one takes it
 * over; the one before stays connected and listens to it no more. A claim is given back with its own epoch only, so the
 * late end of an old session takes nothing away from its successor.
 */
final class Bindings {
    private static final System.Logger LOG = System.getLogger(Bindings.class.getName());
    private static final long DIRECTORY_MILLIS = 5_000;
    static final LoginPolicy NEWEST = new LoginPolicy(LoginPolicy.Scope.USER, LoginPolicy.Strategy.NEWEST);

    private final Hub hub;

    Bindings(Hub hub) {
        this.hub = hub;
    }

    /** @param done told, on the session's loop, whether the session listens now */
    void bind(Session session, Command.Bind bind, Consumer<Boolean> done) {
        Topic topic = bind.topic();
        var wanted = Claim.ofBinding(topic, bind.label(), session.id(), hub.origin);
        var answered = new boolean[1];
        var stage = hub.logins.claim(wanted, NEWEST);
        var ignored = stage.whenComplete((result, failure) -> session.shard.run(() -> {
            boolean late = answered[0];
            answered[0] = true;
            if (result instanceof Directory.Result.Granted(Claim granted, List<Claim> replaced)) {
                granted(session, topic, granted, replaced, late ? null : done);
            } else if (!late) {
                LOG.log(System.Logger.Level.ERROR, "the identity of " + session + " could not be claimed", failure);
                done.accept(false);
            }
        }));
        if (!answered[0]) {
            session.shard.loop.schedule(
                    () -> {
                        if (!answered[0]) {
                            answered[0] = true;
                            done.accept(false);
                        }
                    },
                    DIRECTORY_MILLIS);
        }
    }

    private void granted(
            Session session, Topic topic, Claim granted, List<Claim> replaced, @Nullable Consumer<Boolean> done) {
        if (session.closed || done == null) {
            release(granted);
            if (done != null) {
                done.accept(false);
            }
            return;
        }
        session.bound().add(granted);
        acquire(session, topic, granted, replaced, done);
    }

    private void acquire(Session session, Topic topic, Claim claim, List<Claim> replaced, Consumer<Boolean> done) {
        session.shard.acquire(topic, (members, confirmed) -> {
            // Meanwhile the session may have gone, or yet another one may have bound the topic.
            boolean holds = !session.closed
                    && !session.leaving
                    && !session.listensTo(topic)
                    && session.bound().contains(claim);
            if (holds) {
                session.shard.join(session, members);
            } else {
                session.shard.abandon(members);
            }
            replaced.forEach(old -> takeFrom(old, topic));
            done.accept(holds);
        });
    }

    void takeFrom(Claim old, Topic topic) {
        if (old.incarnation() != hub.origin.incarnation()) {
            hub.control.unbind(old, topic);
            return;
        }
        take(old.session(), old.epoch(), topic, ignored -> {});
    }

    /**
     * The topic is another's: the session stays connected and listens to it no more, unless it has a later claim to it
     * by now. From any thread.
     *
     * @param was told whether nothing is left to be done about it here
     */
    void take(String id, long epoch, Topic topic, Consumer<Boolean> was) {
        boolean ours = hub.withSession(id, session -> was.accept(session == null || taken(session, epoch, topic)));
        if (!ours) {
            was.accept(true);
        }
    }

    private static boolean taken(Session session, long epoch, Topic topic) {
        if (!session.hasBound()) {
            return session.closed;
        }
        boolean held = session.bound().removeIf(claim -> isOf(claim, topic) && claim.epoch() <= epoch);
        boolean holds = session.bound().stream().anyMatch(claim -> isOf(claim, topic));
        if (held && !holds) {
            session.shard.leave(session, topic);
        }
        return held || holds || session.closed;
    }

    private static boolean isOf(Claim claim, Topic topic) {
        return claim.boundTopic().filter(topic::equals).isPresent();
    }

    /** The session listens to that topic no more, or to none. */
    void release(Session session, @Nullable Topic topic) {
        if (session.hasBound()) {
            for (Claim claim : new ArrayList<>(session.bound())) {
                if (topic == null || isOf(claim, topic)) {
                    session.bound().remove(claim);
                    release(claim);
                }
            }
        }
    }

    private void release(Claim claim) {
        hub.logins.release(claim);
    }
}
