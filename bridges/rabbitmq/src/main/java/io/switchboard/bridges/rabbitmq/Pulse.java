package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Tally;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether the node is linked: its own pings come back through the subscription in time, and RabbitMQ has not
 * stopped taking publications. All but {@link #isUp} on one thread, which never blocks.
 */
final class Pulse {
    private static final int PING_EVERY_MILLIS = 1_000;
    private static final int PATIENCE_MILLIS = 2_000;
    /** A broker that stops for less than this keeps its connections, and nothing has to be repeated. */
    private static final int GIVE_UP_MILLIS = 8_000;

    private final Publications publications;
    private final Backplane.Listener listener;
    private final Tally tally;
    private final RareLog log;
    private final LongSupplier clock;
    private final Runnable whenLost;
    private @Nullable Link link;
    private long number;
    private long pingedAt;
    private long heardAt;
    private boolean isBack;
    private boolean blocked;
    private boolean wasUp;
    private boolean closed;
    private volatile boolean up;

    /** @param whenLost called before anybody can know that the link is down */
    Pulse(
            Publications publications,
            Backplane.Listener listener,
            Tally tally,
            RareLog log,
            LongSupplier clock,
            Runnable whenLost) {
        this.publications = publications;
        this.listener = listener;
        this.tally = tally;
        this.log = log;
        this.clock = clock;
        this.whenLost = whenLost;
    }

    /** From any thread. */
    boolean isUp() {
        return up;
    }

    void linked(Link fresh) {
        // One that has died meanwhile has been reported already.
        if (closed || !fresh.isAlive()) {
            return;
        }
        link = fresh;
        blocked = false;
        heardAt = clock.getAsLong();
        publications.linked(fresh);
        ping();
    }

    void lost(Link gone) {
        if (gone.equals(link)) {
            link = null;
            publications.unlinked(gone);
            whenLost.run();
            down(gone.why());
        }
    }

    void blocked(Link at, String why) {
        if (at.equals(link)) {
            blocked = true;
            log.warn("blocked", "RabbitMQ takes no publications until its alarm is over: " + why, clock.getAsLong());
            down("RabbitMQ takes no publications: " + why);
        }
    }

    void unblocked(Link at) {
        if (at.equals(link) && blocked) {
            blocked = false;
            heardAt = clock.getAsLong();
            ping();
        }
    }

    private void ping() {
        isBack = false;
        pingedAt = clock.getAsLong();
        publications.ping(++number);
    }

    /** One that took too long shows that the broker lives, but proves nothing. */
    void pong(long answered) {
        long now = clock.getAsLong();
        heardAt = now;
        if (link == null || blocked || answered != number) {
            return;
        }
        isBack = true;
        if (now - pingedAt <= PATIENCE_MILLIS) {
            rise();
        }
    }

    void pingReturned(Link by) {
        by.die(new IOException("the node's queue or its bindings are gone"));
    }

    void tick() {
        Link present = link;
        long now = clock.getAsLong();
        if (present == null || blocked) {
            return;
        }
        if (!isBack && now - pingedAt > PATIENCE_MILLIS) {
            down("our own ping did not come back within " + PATIENCE_MILLIS + " ms");
            if (now - heardAt > GIVE_UP_MILLIS) {
                present.die(new IOException("our own pings do not come back"));
                return;
            }
        }
        if (now - pingedAt >= (isBack ? PING_EVERY_MILLIS : PATIENCE_MILLIS)) {
            ping();
        }
    }

    private void rise() {
        if (up) {
            return;
        }
        up = true;
        publications.raise();
        if (wasUp) {
            tally.reconnects.increment();
        }
        wasUp = true;
        told(listener::linkUp);
    }

    private void down(String why) {
        if (!up) {
            return;
        }
        up = false;
        publications.lower();
        told(() -> listener.linkDown(why));
    }

    private void told(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            log.bug("news of the link could not be told", e);
        }
    }

    /** From any thread: from now on nobody is told anything. */
    void close() {
        up = false;
    }

    void end() {
        closed = true;
        link = null;
    }
}
