package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Tally;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether the node is linked: its own pings come back in time, over every broker. All but {@link #isUp} on one
 * thread, which never blocks.
 */
final class Pulse {
    private static final int PING_EVERY_MILLIS = 1_000;
    private static final int PATIENCE_MILLIS = 2_000;

    private final Publications publications;
    private final Interest interest;
    private final Backplane.Listener listener;
    private final Tally tally;
    private final RareLog log;
    private final LongSupplier clock;
    private final Set<String> awaited = new HashSet<>();
    private @Nullable Link link;
    private @Nullable Link raised;
    private long number;
    private long pingedAt;
    private long heardAt;
    private boolean wasUp;
    private boolean closed;
    private boolean silent;
    private volatile boolean up;

    Pulse(
            Publications publications,
            Interest interest,
            Backplane.Listener listener,
            Tally tally,
            RareLog log,
            LongSupplier clock) {
        this.publications = publications;
        this.interest = interest;
        this.listener = listener;
        this.tally = tally;
        this.log = log;
        this.clock = clock;
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
        heardAt = clock.getAsLong();
        ping(fresh);
    }

    void lost(Link gone) {
        if (gone.equals(link)) {
            link = null;
            down(gone.why());
        }
    }

    private void ping(Link to) {
        pingedAt = clock.getAsLong();
        awaited.clear();
        awaited.addAll(to.brokers());
        to.ping(++number);
    }

    /** One that took too long shows that the broker lives, but proves nothing. */
    void pong(Link by, String broker, long answered) {
        if (!by.equals(link)) {
            return;
        }
        long now = clock.getAsLong();
        if (answered == number && awaited.remove(broker) && awaited.isEmpty()) {
            heardAt = now;
            by.heard(now);
            if (by.wasCut() || (by.equals(raised) && !up)) {
                // The client may have lost sight of what it was pulling, and in a published format what comes late
                // would come after what was delivered here meanwhile: a new link knows where to begin.
                down("the connection was cut");
                by.die("the link was cut");
            } else if (now - pingedAt <= PATIENCE_MILLIS) {
                rise(by);
            }
        }
    }

    /** Something could not be sent: only a ping can tell. */
    void suspect(Link at, String why) {
        if (at.equals(link) && up) {
            down(why);
            ping(at);
        }
    }

    void tick() {
        Link present = link;
        long now = clock.getAsLong();
        if (present == null) {
            return;
        }
        if (!awaited.isEmpty() && now - pingedAt > PATIENCE_MILLIS) {
            down("our own ping did not come back within " + PATIENCE_MILLIS + " ms");
            if (now - heardAt > Bounds.BRIDGED_MILLIS) {
                present.die("our own pings do not come back");
                return;
            }
        }
        if (now - pingedAt >= (awaited.isEmpty() ? PING_EVERY_MILLIS : PATIENCE_MILLIS)) {
            ping(present);
        }
    }

    private void rise(Link by) {
        if (up || closed) {
            return;
        }
        if (wasUp) {
            tally.reconnects.increment();
        }
        wasUp = true;
        raised = by;
        publications.raise(by);
        tell(true, listener::linkUp);
        interest.raise();
    }

    private void down(String why) {
        if (!up) {
            return;
        }
        Link present = link;
        if (present != null) {
            present.fallSilent();
        }
        publications.lower();
        interest.lower();
        tell(false, () -> listener.linkDown(why));
    }

    /** What is told is so while it is told, even if somebody closes the backplane meanwhile. */
    private synchronized void tell(boolean nowUp, Runnable news) {
        if (silent) {
            return;
        }
        up = nowUp;
        try {
            news.run();
        } catch (RuntimeException e) {
            log.bug("news of the link could not be told", e);
        }
    }

    /** From any thread: from now on nobody is told anything. */
    synchronized void close() {
        silent = true;
        up = false;
    }

    void end() {
        closed = true;
        link = null;
    }
}
