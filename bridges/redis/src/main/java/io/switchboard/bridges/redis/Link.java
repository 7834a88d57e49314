package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import io.switchboard.backplane.Backoff;
import io.switchboard.backplane.RepeatFilter;
import org.jspecify.annotations.Nullable;

/**
 * The link to one Redis server: a connection that publishes and one that listens, which live and die together. It is up
 * while the node's own pings, published through the one, come back through the other in time; an open socket proves
 * nothing, since a stopped server keeps its sockets open.
 */
final class Link {
    private enum State {
        WAITING,
        OPENING,
        PROBING,
        UP,
        CLOSED
    }

    private static final long PING_EVERY_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final long TELL_SPREAD_EVERY_MILLIS = 10_000;

    private final Bridge bridge;
    private final Address address;
    private final int pingTag;
    private final boolean sharded;
    private final RepeatFilter repeats = new RepeatFilter();
    private final Backoff backoff = new Backoff();
    private State state = State.WAITING;
    private @Nullable PublishSide publisher;
    private @Nullable SubscribeSide subscriber;
    private long retryAt;
    private long pingNumber;
    private long pingedAt;
    private boolean pingIsBack = true;
    private boolean wasUp;
    private long toldSpreadAt;

    Link(Bridge bridge, Address address, int pingTag, boolean sharded) {
        this.bridge = bridge;
        this.address = address;
        this.pingTag = pingTag;
        this.sharded = sharded;
        this.retryAt = bridge.now();
    }

    Address address() {
        return address;
    }

    boolean sharded() {
        return sharded;
    }

    RepeatFilter repeats() {
        return repeats;
    }

    byte[] pingChannel() {
        return bridge.channels().pingChannel(pingTag);
    }

    boolean isUp() {
        return state == State.UP;
    }

    /** The connection that publishes, while the link is up. */
    @Nullable
    PublishSide publisher() {
        return isUp() ? publisher : null;
    }

    /** The connection that listens, from the moment it can be asked. */
    @Nullable
    SubscribeSide subscriber() {
        return state == State.PROBING || isUp() ? subscriber : null;
    }

    void tick(long now) {
        switch (state) {
            case WAITING -> {
                if (now >= retryAt) {
                    open();
                }
            }
            case PROBING, UP -> check(now);
            case OPENING, CLOSED -> {
                // The connections themselves give up when they are not greeted in time.
            }
        }
    }

    private void open() {
        state = State.OPENING;
        publisher = new PublishSide(bridge, this);
        subscriber = new SubscribeSide(bridge, this);
    }

    /** One of the two is; when both are, everything is subscribed anew, the pings last. */
    void greeted(Greeting greeting) {
        PublishSide publishing = publisher;
        SubscribeSide listening = subscriber;
        if (greeting.replica()) {
            lost("it is a replica, not a master: publications would not reach everybody", false);
        } else if (state == State.OPENING
                && publishing != null
                && listening != null
                && publishing.connection().greeted()
                && listening.connection().greeted()) {
            state = State.PROBING;
            bridge.subscriptions().placeOn(this);
            if (bridge.spread() != null) {
                listening.subscribeSpreads();
            }
            listening.subscribePings();
        }
    }

    /** From now on a ping can come back. */
    void pingsHeard() {
        ping(bridge.now());
    }

    private void ping(long now) {
        PublishSide publishing = publisher;
        if (publishing != null) {
            pingIsBack = false;
            pingedAt = now;
            publishing.ping(pingChannel(), ++pingNumber, now);
        }
    }

    /** A late one, of an earlier connection, proves nothing. */
    void pong(long number) {
        if (number != pingNumber) {
            return;
        }
        pingIsBack = true;
        if (state == State.PROBING) {
            state = State.UP;
            backoff.reset();
            if (wasUp) {
                bridge.tally().reconnects.increment();
            }
            wasUp = true;
            tellSpread();
            bridge.linkUp(this);
        }
    }

    private void tellSpread() {
        PublishSide publishing = publisher;
        SpreadList spread = bridge.spread();
        if (publishing != null && spread != null) {
            toldSpreadAt = bridge.now();
            publishing.tell(bridge.channels().spreadChannel(), spread.bytes(), toldSpreadAt);
        }
    }

    private void check(long now) {
        PublishSide publishing = publisher;
        SubscribeSide listening = subscriber;
        if (publishing == null || listening == null) {
            return;
        }
        if (now - publishing.oldest(now) > PATIENCE_MILLIS) {
            lost("no reply to PUBLISH within " + PATIENCE_MILLIS + " ms", false);
        } else if (now - listening.waitingSince(now) > PATIENCE_MILLIS) {
            lost("no reply to SUBSCRIBE within " + PATIENCE_MILLIS + " ms", false);
        } else if (!pingIsBack && now - pingedAt > PATIENCE_MILLIS) {
            lost("our own ping did not come back within " + PATIENCE_MILLIS + " ms", false);
        } else if (isUp() && pingIsBack && now - pingedAt >= PING_EVERY_MILLIS) {
            ping(now);
            if (now - toldSpreadAt >= TELL_SPREAD_EVERY_MILLIS) {
                tellSpread();
            }
        }
    }

    void lost(String why, boolean hopeless) {
        if (state == State.WAITING || state == State.CLOSED) {
            return;
        }
        state = State.WAITING;
        retryAt = bridge.now() + backoff.next(hopeless);
        drop();
        bridge.linkLost(this, why);
    }

    void close() {
        state = State.CLOSED;
        drop();
    }

    private void drop() {
        PublishSide publishing = publisher;
        SubscribeSide listening = subscriber;
        publisher = null;
        subscriber = null;
        pingIsBack = true;
        if (publishing != null) {
            publishing.close();
        }
        if (listening != null) {
            bridge.subscriptions().lost(listening);
            listening.close();
        }
    }

    @Override
    public String toString() {
        return "Redis " + address;
    }
}
