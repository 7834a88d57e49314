package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import io.switchboard.hub.Outlet;
import io.switchboard.hub.Session;
import io.switchboard.transport.loop.ServerLoop;
import io.switchboard.transport.loop.Wheel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing half of a connection: past Netty into the socket while nothing waits, else through the channel, flushed
 * once at the end of the turn, up to the limit. What the client says it reads no further while the hub wants it to
 * pause. It is one object with the connection whose half it is.
 */
abstract class FrameSender extends ChannelInboundHandlerAdapter implements Outlet, Wheel.Timed, ServerLoop.Unflushed {
    private static final System.Logger LOG = System.getLogger(FrameSender.class.getName());

    final Connections shared;
    final ServerLoop loop;
    final Channel channel;
    final boolean tls;

    /** For writing past Netty while nothing waits there; null where that is impossible. */
    private final @Nullable Socket socket;

    private boolean flushAhead;

    /** Certainly nothing waits in the channel, whose own count lies farther away. */
    private boolean clear;

    /** Given to the channel since the last flush: TLS does not yet count it as waiting. */
    private int unflushed;

    /** The hub waits for us to drain, or did. */
    private @Nullable Pressure pressure;

    /** Whose outlet this is, once there is one, and until the hub has heard that it is gone. */
    @Nullable
    Session session;

    boolean paused = true;
    private boolean resuming;
    private int slot = -1;
    private int seat;

    FrameSender(Connections shared, ServerLoop loop, Channel channel) {
        this.shared = shared;
        this.loop = loop;
        this.channel = channel;
        this.tls = channel.pipeline().get(SslHandler.class) != null;
        this.socket = !tls && channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket direct
                ? direct
                : null;
    }

    /** Nothing is to be offered to it any more: the connection failed. */
    abstract void failed();

    /** Reads on, in a task of its own, after a pause. */
    abstract void readOn();

    final ByteBufAllocator allocator() {
        return channel.alloc();
    }

    // Reading

    @Override
    public void pause() {
        paused = true;
        resuming = false;
    }

    /** Reads on in a later task: never from within a call of the hub. */
    @Override
    public final void resume() {
        if (paused && !resuming) {
            resuming = true;
            loop.loop().execute(this::resumeNow);
        }
    }

    private void resumeNow() {
        if (resuming) {
            resuming = false;
            paused = false;
            readOn();
        }
    }

    // Writing

    @Override
    public int prefetch() {
        Socket direct = socket;
        return direct != null && clear && direct.isOpen() ? direct.intValue() : 0;
    }

    final Outlet.Offer send(Frames frames, int from, int to) {
        int start = from;
        // A descriptor that was closed may be another client's by now: the channel is told of its end only later.
        if (clear && socket != null && socket.isOpen()) {
            try {
                start += frames.writeTo(socket, from, to);
            } catch (IOException e) {
                // The hub is calling: it hears of it later, as of any other end.
                failed();
                loop.loop().execute(channel::close);
                return Outlet.Offer.CLOSED;
            }
            if (start == to) {
                return Outlet.Offer.QUEUED;
            }
        }
        return sendToChannel(frames, start, to);
    }

    private Outlet.Offer sendToChannel(Frames frames, int from, int to) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound == null) {
            return Outlet.Offer.CLOSED;
        }
        long waiting = outbound.totalPendingWriteBytes() + unflushed;
        int limit = shared.limits.outletBytes();
        if (waiting > 0 && waiting + (to - from) > limit) {
            press();
            return Outlet.Offer.REFUSED;
        }
        write(frames.retainedSlice(from, to));
        if (waiting + (to - from) > limit / 2) {
            press();
            return Outlet.Offer.PRESSED;
        }
        return Outlet.Offer.QUEUED;
    }

    private void press() {
        Pressure present = pressure;
        Session current = session;
        if ((present == null || present.isOver()) && current != null) {
            present = new Pressure(shared.hub, loop, current);
            pressure = present;
            channel.write(Unpooled.EMPTY_BUFFER).addListener(present);
            flushLater();
        }
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        Pressure present = pressure;
        if (present != null && channel.isWritable()) {
            present.drained();
        }
    }

    /** What the client has yet to take from us, beside what lies in the kernel. From any thread. */
    final long waiting() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes() + unflushed;
    }

    /** To the channel; flushed once at the end of the turn. */
    final void write(ByteBuf bytes) {
        if (tls) {
            unflushed += bytes.readableBytes();
        }
        clear = false;
        channel.write(bytes, channel.voidPromise());
        flushLater();
    }

    /** At once, with a notice of when it has been sent. */
    final ChannelFuture writeNow(ByteBuf bytes) {
        clear = false;
        return channel.writeAndFlush(bytes);
    }

    private void flushLater() {
        if (!flushAhead) {
            flushAhead = true;
            loop.flushAtEndOfTurn(this);
        }
    }

    @Override
    public final void flushNow() {
        flushAhead = false;
        unflushed = 0;
        channel.flush();
        clear = waiting() == 0;
        if (!clear) {
            shared.waiting.add(this);
        }
    }

    // The end

    final void closeWhenSent() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    final void disconnect() {
        Session current = session;
        if (current != null) {
            session = null;
            shared.hub.disconnected(current);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        failed();
        loop.wheel().remove(this);
        shared.waiting.remove(this);
        disconnect();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause.getCause() instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, "a connection failed: " + channel.remoteAddress(), cause);
        }
        context.close();
    }

    // Its place among the timers

    @Override
    public final int slot() {
        return slot;
    }

    @Override
    public final int seat() {
        return seat;
    }

    @Override
    public final void placed(int newSlot, int newSeat) {
        slot = newSlot;
        seat = newSeat;
    }
}
