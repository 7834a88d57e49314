package io.switchboard.hub;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Topic;
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
    private static final LoginPolicy NEWEST = new LoginPolicy(LoginPolicy.Scope.DEVICE, LoginPolicy.Strategy.NEWEST);

    /** No user id has it, so that no login can be taken for a binding. */
    private static final char MARK = 0;

    private final Hub hub;

    Bindings(Hub hub) {
        this.hub = hub;
    }

    /** @param done told, on the session's loop, whether the session listens now */
    void bind(Session session, Topic topic, Consumer<Boolean> done) {
        Directory directory = hub.directory;
        if (directory == null) {
            acquire(session, topic, null, List.of(), done);
            return;
        }
        var wanted = new Claim(MARK + topic.name(), "", session.id(), hub.origin.node(), hub.origin.incarnation(), 0);
        var answered = new boolean[1];
        var stage = directory.claim(wanted, NEWEST, held -> held.incarnation() == hub.origin.incarnation());
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

    private void acquire(
            Session session, Topic topic, @Nullable Claim claim, List<Claim> replaced, Consumer<Boolean> done) {
        session.shard.acquire(topic, (members, confirmed) -> {
            // Meanwhile the session may have gone, or yet another one may have bound the topic.
            boolean holds = !session.closed
                    && !session.leaving
                    && !session.listensTo(topic)
                    && (claim == null || session.bound().contains(claim));
            if (holds) {
                session.shard.join(session, members);
            } else {
                session.shard.abandon(members);
            }
            replaced.forEach(old -> takeFrom(old, topic, session));
            done.accept(holds);
        });
    }

    private void takeFrom(Claim old, Topic topic, Session successor) {
        if (old.incarnation() != hub.origin.incarnation()) {
            return;
        }
        hub.withSession(old.session(), session -> {
            if (session != null) {
                session.bound().remove(old);
                if (session != successor) {
                    session.shard.leave(session, topic);
                }
            }
        });
    }

    /** The session listens to that topic no more, or to none. */
    void release(Session session, @Nullable Topic topic) {
        if (session.hasBound()) {
            for (Claim claim : new ArrayList<>(session.bound())) {
                if (topic == null || claim.user().equals(MARK + topic.name())) {
                    session.bound().remove(claim);
                    release(claim);
                }
            }
        }
    }

    private void release(Claim claim) {
        Directory directory = hub.directory;
        if (directory != null) {
            var ignored = directory.release(claim).whenComplete((released, failure) -> {
                if (failure != null) {
                    LOG.log(System.Logger.Level.WARNING, "a binding was not released: {0}", failure.getMessage());
                }
            });
        }
    }
}
