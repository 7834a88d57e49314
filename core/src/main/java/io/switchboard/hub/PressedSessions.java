package io.switchboard.hub;

import io.switchboard.protocol.Event;
import io.switchboard.protocol.Namespace;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of one shard whose outlet is more than half full. From then on they have a {@link Backlog} and hear
 * through it, until the outlet has drained and the backlog is empty: that is one episode.
 *
 * <p>Age is counted in ticks that the loop really ran, as the transport's timers are: a process that was stopped does
 * not find that all its clients were too slow. Nothing ticks while no session is pressed.
 */
final class PressedSessions {
    static final long TICK_MILLIS = 250;

    /** For so long publishers may be slowed for the sake of one episode: up to a second. */
    private static final int PATIENCE_TICKS = 4;

    private final Shard shard;
    private final SlowMeters meters;
    private final int ticksMax;

    /** Encoded at once: refilling an outlet from a quarter to half takes several, others have their turn between. */
    private final int portion;

    private final List<Session> sessions = new ArrayList<>();
    private final Brake brake;
    private int now;
    private boolean ticking;

    PressedSessions(Shard shard) {
        this.shard = shard;
        this.meters = shard.hub.slowMeters;
        this.ticksMax =
                (int) Math.min(Integer.MAX_VALUE, shard.hub.limits.backlogTime().toMillis() / TICK_MILLIS);
        this.portion = Math.clamp(shard.hub.limits.outletBytes() / 4, 1, FanOut.BATCH_BYTES);
        this.brake = new Brake(shard, meters);
    }

    Brake brake() {
        return brake;
    }

    int now() {
        return now;
    }

    /** The session's backlog; a new one if this is the beginning of an episode. */
    Backlog of(Session session) {
        Backlog present = session.backlog;
        if (present != null) {
            return present;
        }
        var backlog = new Backlog(session, now, meters);
        backlog.seat = sessions.size();
        sessions.add(session);
        session.backlog = backlog;
        for (int i = 0; i < session.joinedCount; i++) {
            session.joined[i].pressed++;
        }
        meters.episodes.increment();
        meters.pressed.increment();
        if (!ticking) {
            ticking = true;
            shard.loop.schedule(this::tick, TICK_MILLIS);
        }
        return backlog;
    }

    /** Something for the session alone. Its own commands are what it is about, so they wait as well. */
    void tell(Session session, Backlog backlog, Event event) {
        if (!backlog.add(event, now)) {
            shard.tooSlow(session);
        } else if (!(event instanceof Event.Published)) {
            brake.slow(backlog, session.id());
        }
    }

    /** What was gathered for the session alone was refused: it waits before all that comes. */
    void refused(Session session, FrameBatch batch) {
        of(session).addFirst(batch, now);
        if (of(session).bytes() > shard.hub.limits.backlogBytes()) {
            shard.tooSlow(session);
        }
    }

    /** The outlet has room again. */
    void drained(Session session) {
        Backlog backlog = session.backlog;
        if (backlog != null && !backlog.sending) {
            backlog.sending = true;
            shard.loop.execute(() -> send(session, backlog));
        }
    }

    /** One portion; the next one in a later task. */
    private void send(Session session, Backlog backlog) {
        backlog.sending = false;
        if (session.backlog != backlog) {
            return;
        }
        // What was gathered before the session became pressed comes first.
        shard.flush(session);
        Outlet.Offer answer = backlog.isEmpty() ? Outlet.Offer.QUEUED : backlog.send(portion, now);
        if (answer == Outlet.Offer.QUEUED) {
            if (backlog.isEmpty()) {
                end(session);
            } else {
                drained(session);
            }
        }
    }

    /** Sends what the outlet takes before the session is closed for another reason; the rest is dropped. */
    void sendLast(Session session) {
        Backlog backlog = session.backlog;
        if (backlog == null) {
            return;
        }
        Outlet.Offer answer = shard.flush(session);
        while (!backlog.isEmpty() && answer != Outlet.Offer.REFUSED && answer != Outlet.Offer.CLOSED) {
            answer = backlog.send(portion, now);
        }
        drop(session);
    }

    /** The session is closed without what still waits for it. */
    void drop(Session session) {
        Backlog backlog = session.backlog;
        if (backlog != null) {
            meters.dropped(Namespace.Slow.DISCONNECT).add(backlog.discard());
            end(session);
        }
    }

    /** The end of an episode. Idempotent. */
    void end(Session session) {
        Backlog backlog = session.backlog;
        if (backlog == null) {
            return;
        }
        backlog.discard();
        session.backlog = null;
        for (int i = 0; i < session.joinedCount; i++) {
            session.joined[i].pressed--;
        }
        Session last = sessions.removeLast();
        Backlog lasts = last.backlog;
        if (last != session && lasts != null) {
            sessions.set(backlog.seat, last);
            lasts.seat = backlog.seat;
        }
        meters.pressed.decrement();
        brake.release(backlog);
    }

    private void tick() {
        now++;
        // From the end: who is closed gives its seat to one that has been asked.
        for (int i = sessions.size() - 1; i >= 0; i--) {
            Session session = sessions.get(i);
            Backlog backlog = session.backlog;
            if (backlog == null) {
                continue;
            }
            if (now - backlog.since >= PATIENCE_TICKS) {
                brake.release(backlog);
            }
            if (!backlog.expire(now, ticksMax)) {
                shard.tooSlow(session);
            }
        }
        ticking = !sessions.isEmpty();
        if (ticking) {
            shard.loop.schedule(this::tick, TICK_MILLIS);
        }
    }
}
