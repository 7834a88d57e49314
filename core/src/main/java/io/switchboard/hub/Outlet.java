package io.switchboard.hub;

import io.switchboard.protocol.CloseReason;

/**
 * The outgoing half of one connection, with its byte limit. Called on the session's event loop only; never calls back
 * into the hub from within a call.
 *
 * <p>After an offer that left it PRESSED, or was REFUSED, it calls {@link Hub#drained} once less than a quarter of its
 * limit waits, or if that was so already, once nothing waits that did then. When nothing waits it refuses nothing.
 */
public interface Outlet {
    /** What became of an offer. */
    enum Offer {
        /** Sent, or waiting with room to spare. */
        QUEUED,
        /** Waiting, and more than half the limit waits: {@link Hub#drained} will be called. */
        PRESSED,
        /** Not taken: it would exceed the limit. {@link Hub#drained} will be called. */
        REFUSED,
        /** Not taken: the connection is being closed or gone, through no slowness of the client. */
        CLOSED
    }

    /**
     * Sends bytes {@code from} (inclusive) to {@code to} (exclusive) of a batch made by this transport's framing. What
     * cannot be sent at once keeps the batch alive; what was taken is never withdrawn.
     */
    Offer offer(FrameBatch batch, int from, int to);

    /**
     * Reads what an offer will read, and returns anything of it. Asked of several outlets before they are offered
     * something, so that the processor fetches their memory at the same time instead of one after another.
     */
    default int prefetch() {
        return 0;
    }

    /** Sends what was taken, then closes with that reason. Idempotent. */
    void close(CloseReason reason);

    /** Stops reading from the client until {@link #resume}; messages already decoded are not affected. */
    void pause();

    void resume();
}
