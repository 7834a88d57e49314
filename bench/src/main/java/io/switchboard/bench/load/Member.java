package io.switchboard.bench.load;

import io.switchboard.bench.wire.Link;
import org.jspecify.annotations.Nullable;

/** One connection's part in the load; it belongs to its worker. */
final class Member {
    enum State {
        WAITING,
        CONNECTING,
        OPENING,
        READY,
        GONE
    }

    /** Among all members, and among those of its kind: the number that templates call {@code %s}. */
    final int id;

    final int own;
    final int target;
    final int group;
    final int server;
    final boolean publishes;
    final boolean listens;

    State state = State.WAITING;

    @Nullable
    Link link;

    int step;
    /** When it began to connect. */
    long begun;
    /** Messages published so far, which is the number of the next one. */
    long sent;
    /** How many listeners of its group were there when the load began. */
    int audience;
    /** Deliveries that were given up because nothing had come for a while; see {@link Sending}. */
    long forgiven;

    Member(int id, int own, int target, int group, int server, boolean publishes, boolean listens) {
        this.id = id;
        this.own = own;
        this.target = target;
        this.group = group;
        this.server = server;
        this.publishes = publishes;
        this.listens = listens;
    }

    boolean ready() {
        return state == State.READY;
    }
}
