package io.switchboard.hub;

import io.switchboard.directory.Claim;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Memberships;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way of a connection into the hub: limits, authenticator, claim, subscriptions, and only then, in one step on its
 * loop, the handshake's answer, membership, and the end of those it replaces. A client that has its answer misses
 * nothing published after it; one that gives up half-way leaves nothing behind.
 */
final class Admission {
    private static final System.Logger LOG = System.getLogger(Admission.class.getName());

    private final Hub hub;
    private final Shard shard;
    private final Arrival arrival;
    private final List<Members> acquired = new ArrayList<>(4);
    private boolean confirmed = true;
    private boolean ended;
    private Identity identity = Identity.NOBODY;
    private @Nullable Session session;
    private List<Claim> evicted = List.of();
    private List<Topic> topics = List.of();
    private List<Topic> belongsTo = List.of();

    Admission(Hub hub, Shard shard, Arrival arrival) {
        this.hub = hub;
        this.shard = shard;
        this.arrival = arrival;
    }

    void start() {
        if (hub.draining) {
            refuse(Refusal.busy("node is shutting down, connect again", Duration.ofSeconds(1)));
        } else if (hub.sessions.sum() >= hub.limits.sessions()) {
            refuse(Refusal.busy("node is full: limits.sessions is reached", Duration.ofSeconds(5)));
        } else if (!hub.addresses.enter(arrival.request().remoteAddress())) {
            refuse(Refusal.of(429, "too many connections from this address: limits.sessions_per_address"));
        } else {
            guarded(() -> on(hub.authenticator.authenticate(arrival.request(), arrival.user()), this::identified));
        }
    }

    /** What fails on the way in is our bug or the application's: this connection is refused, and nothing else. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a connection could not be admitted", e);
            leaveRefused(Refusal.of(500, "internal error"));
        }
    }

    private void identified(Authenticator.Verdict verdict) {
        switch (verdict) {
            case Authenticator.Verdict.Rejected(Refusal refusal) -> leaveRefused(refusal);
            case Authenticator.Verdict.Accepted(Identity accepted) -> {
                String user = accepted.user();
                if (!arrival.user().isEmpty() && !arrival.user().equals(user)) {
                    // What the endpoint opens with is the claimed user's: it must not be another's to hear.
                    leaveRefused(Refusal.of(403, "this is another user's path"));
                    return;
                }
                identity = accepted;
                arrival.identify(user);
                if (arrival.isGone()) {
                    abandon();
                    return;
                }
                hub.entry.enter(user).ifPresentOrElse(this::leaveRefused, this::claim);
            }
        }
    }

    private void claim() {
        Session opened = shard.open(arrival);
        session = opened;
        if (!hub.hasDirectory || arrival.user().isEmpty()) {
            lookUp();
            return;
        }
        hub.entry.claim(opened, verdict -> guarded(() -> decided(verdict)), this::failed);
    }

    private void lookUp() {
        Opening<?> opening = arrival.opening();
        topics = opening.topics();
        if (opening.memberships().equals(Memberships.NONE)) {
            subscribe(0);
            return;
        }
        CompletionStage<List<Topic>> asked = opening.memberships()
                .of(arrival.user())
                .exceptionally(failure -> {
                    // As without a directory: it is let in, and asks again when the store is back.
                    Belonging.unknown(failure);
                    return List.of();
                });
        on(asked, found -> {
            belongsTo = found.stream()
                    .filter(topic -> !topics.contains(topic))
                    .distinct()
                    .toList();
            topics = Stream.concat(topics.stream(), belongsTo.stream()).toList();
            subscribe(0);
        });
    }

    private void decided(Logins.Verdict verdict) {
        Session opened = session;
        switch (verdict) {
            case Logins.Verdict.In(Claim granted, List<Claim> replaced) -> {
                if (opened != null) {
                    opened.claim = granted;
                }
                evicted = replaced;
                if (arrival.isGone()) {
                    abandon();
                } else {
                    lookUp();
                }
            }
            case Logins.Verdict.Out(Refusal refusal) -> leaveRefused(refusal);
        }
    }

    /** One topic after another, so that a broker sees them in the order the protocol names them. */
    private void subscribe(int index) {
        if (index == topics.size()) {
            finish();
        } else {
            shard.acquire(topics.get(index), (members, isConfirmed) -> {
                acquired.add(members);
                confirmed &= isConfirmed;
                subscribe(index + 1);
            });
        }
    }

    private void finish() {
        Session opened = session;
        if (opened == null || arrival.isGone()) {
            abandon();
            return;
        }
        if (shard.fence.hasSlept()) {
            // What its topics have for others must wait as well.
            shard.fence.whenAwake(this::finish);
            return;
        }
        if (!confirmed) {
            opened.degraded = true;
            hub.degraded.increment();
        }
        hub.admitted.increment();
        opened.admitted = true;
        arrival.admitted(opened);
        CloseReason early = hub.draining ? CloseReason.DRAINING : opened.closedFor;
        acquired.forEach(early == null ? members -> join(opened, members) : shard::abandon);
        acquired.clear();
        if (early == null && !arrival.opening().memberships().equals(Memberships.NONE)) {
            opened.belonging = new Belonging(opened, arrival.opening().memberships(), belongsTo);
            // They may have changed while the topics were being subscribed.
            opened.belonging.refresh();
        }
        closeEvicted();
        if (identity.expiresAtMillis().isPresent() || !identity.token().isEmpty()) {
            opened.know(identity);
            hub.entry.endInTime(opened);
        }
        opened.opened();
        Hub.guarded(() -> hub.handler.onOpen(opened));
        if (early != null) {
            // Told to go while it was on its way in: only a client that has its answer can be told why.
            opened.close(early);
        }
    }

    private void join(Session opened, Members members) {
        shard.join(opened, members);
        shard.attendees.came(opened, members.topic);
    }

    private void closeEvicted() {
        hub.logins.evict(evicted);
        evicted = List.of();
    }

    private void leaveRefused(Refusal refusal) {
        if (ended) {
            return;
        }
        abandon();
        if (!arrival.isGone()) {
            refuse(refusal);
        }
    }

    private void refuse(Refusal refusal) {
        hub.refused.increment();
        arrival.refused(refusal);
    }

    /** Leaves nothing behind; those it has taken the place of have lost theirs all the same. */
    private void abandon() {
        ended = true;
        acquired.forEach(shard::abandon);
        acquired.clear();
        closeEvicted();
        Session opened = session;
        if (opened != null) {
            shard.forget(opened);
            release(hub, opened);
        }
        hub.addresses.exit(arrival.request().remoteAddress());
    }

    /** The end of a session that was admitted. */
    static void leave(Hub hub, Session session) {
        release(hub, session);
        hub.addresses.exit(session.remoteAddress());
        session.ended();
        Hub.guarded(() -> hub.handler.onClose(session));
    }

    private static void release(Hub hub, Session session) {
        if (!session.user().isEmpty()) {
            hub.users.exit(session.user());
        }
        hub.bindings.release(session, null);
        Claim claim = session.claim;
        if (claim != null) {
            hub.logins.release(claim);
        }
    }

    /** Goes on with the result on our loop; a failure, or none in time, refuses the connection. */
    private <T> void on(CompletionStage<T> stage, Consumer<T> then) {
        Awaited.on(
                shard,
                stage,
                hub.limits.handshake().toMillis(),
                new Awaited.Then<>(value -> guarded(() -> then.accept(value)), this::failed, late -> {}));
    }

    private void failed(Throwable failure) {
        if (failure instanceof TimeoutException) {
            leaveRefused(Refusal.busy("the node could not decide in time", Duration.ofSeconds(1)));
        } else {
            LOG.log(System.Logger.Level.ERROR, "a connection could not be admitted", failure);
            leaveRefused(Refusal.of(500, "internal error"));
        }
    }
}
