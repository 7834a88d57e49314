package io.switchboard.transport.connection;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Session;
import io.switchboard.transport.loop.ServerLoop;

/**
 * An outlet over half its limit, or that had to refuse something, tells the hub once that it has drained: when the
 * channel has become writable again, less than a quarter waiting. Netty does not notice that while TLS has yet to take
 * the bytes, or where no more than half waited: so the hub is told in any case once all that waits now has been sent.
 */
final class Pressure implements ChannelFutureListener {
    private final Hub hub;
    private final ServerLoop loop;
    private final Session session;
    private boolean over;

    Pressure(Hub hub, ServerLoop loop, Session session) {
        this.hub = hub;
        this.loop = loop;
        this.session = session;
    }

    boolean isOver() {
        return over;
    }

    /** In a later task: this may come from within an offer. */
    void drained() {
        if (!over) {
            over = true;
            loop.loop().execute(() -> hub.drained(session));
        }
    }

    @Override
    public void operationComplete(ChannelFuture sent) {
        drained();
    }
}
