package io.switchboard.transport.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * How far a client has come with what waits for it.
 *
 * @param waiting bytes, with those of the first buffer until all of it is sent
 * @param ofFirst how much of the first buffer has been sent
 */
record Progress(long waiting, long ofFirst) {
    static Progress of(Channel channel) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null
                ? new Progress(0, 0)
                : new Progress(outbound.totalPendingWriteBytes(), outbound.currentProgress());
    }

    /** Whether the client has taken something since then. More may have come meanwhile: that is no progress. */
    boolean isBeyond(Progress before) {
        return waiting < before.waiting || ofFirst != before.ofFirst;
    }
}
