package io.switchboard.transport.loop;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The end of a connection whose client may still be sending. Closed at once, the kernel would answer its bytes with a
 * reset, and the reset may overtake our last words. So we end our half, and the client, or a deadline, the other.
 */
public final class Lingering {
    private Lingering() {}

    /** Ends our half when all that was written has been sent. */
    public static void afterSending(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (!sent.isSuccess()) {
                channel.close();
            } else if (tls != null) {
                tls.closeOutbound();
            } else if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        });
    }
}
