package io.switchboard.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Outlet;
import io.switchboard.hub.Session;
import io.switchboard.message.Message;
import io.switchboard.protocol.CloseReason;
import io.switchboard.transport.loop.Lingering;
import io.switchboard.transport.loop.ReadBuffers;
import io.switchboard.transport.loop.ServerLoop;
import io.switchboard.transport.loop.Wheel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client after its handshake; the only handler on its channel, but for TLS. Lives on its loop.
 *
 * <pre>
 *   JOINING --the hub's start--> OPEN
 *   OPEN --client's close, or a broken rule--> LEAVING --end of turn: our close frame--> ENDED
 *     '--close(reason): our close frame--> CLOSING --client's close, or too late------> ENDED
 * </pre>
 *
 * LEAVING lasts until the end of the turn, so that answers to what the client asked before it left go out before our
 * close frame. Nothing is offered to the client after a close frame, and nothing of what comes after the client's is
 * read.
 *
 * <p>Bytes that cannot be decoded yet, a header cut in two or whatever came while the hub is not ready for more, are
 * <em>held</em>. An idle connection holds nothing.
 */
public final class Connection extends FrameReader implements Outlet, Wheel.Timed, ServerLoop.Unflushed {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    private static final int JITTER_PARTS = 8;

    private enum State {
        /** Not admitted yet: the client speaks HTTP and can be told nothing. */
        JOINING,
        OPEN,
        LEAVING,
        CLOSING,
        ENDED
    }

    private final WebSockets shared;
    private final ServerLoop loop;
    private final Channel channel;

    private final boolean tls;

    /** For writing past Netty while nothing waits there; null where that is impossible. */
    private final @Nullable Socket socket;

    private @Nullable Session session;
    private State state = State.JOINING;

    /** The hub closed the session before it had admitted it: somebody took its place, or the node is leaving. */
    private @Nullable CloseReason closedEarly;

    // Reading

    private @Nullable ByteBuf held;
    private boolean paused = true;
    private boolean resuming;
    private @Nullable Pongs pongs;

    // Writing

    private boolean flushAhead;

    /** Certainly nothing waits in the channel, whose own count lies farther away. */
    private boolean clear;

    /** Given to the channel since the last flush: TLS does not yet count it as waiting. */
    private int unflushed;

    // Liveness, in ticks of the wheel

    private int heard;
    private boolean pinged;
    private int slot = -1;
    private int seat;

    public Connection(WebSockets shared, ServerLoop loop, Channel channel) {
        this.shared = shared;
        this.loop = loop;
        this.channel = channel;
        this.tls = channel.pipeline().get(SslHandler.class) != null;
        this.socket = !tls && channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket direct
                ? direct
                : null;
    }

    /**
     * The hub took it in: sends the handshake's answer, and decodes what the client sent after its request once the hub
     * is done admitting.
     */
    public void start(Session admitted, ByteBuf answer, @Nullable ByteBuf received) {
        state = State.OPEN;
        session = admitted;
        held = received;
        heard = loop.wheel().now();
        shared.open.increment();
        if (!shared.limits.pingInterval().isZero()) {
            loop.wheel().add(this, untilPing(0));
        }
        write(answer);
        CloseReason early = closedEarly;
        if (early == null) {
            resume();
        } else {
            close(early);
        }
    }

    // Reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        heard = loop.wheel().now();
        pinged = false;
        shared.bytesIn.add(in.readableBytes());
        if (state == State.LEAVING || state == State.ENDED) {
            in.release();
            return;
        }
        ByteBuf before = held;
        if (before != null) {
            before.writeBytes(in);
            in.release();
            in = before;
        }
        if (paused) {
            held = before == null ? ReadBuffers.keep(allocator(), in) : in;
            channel.config().setAutoRead(false);
        } else {
            held = in;
            decodeHeld();
        }
    }

    private void decodeHeld() {
        ByteBuf in = held;
        if (in == null) {
            return;
        }
        held = null;
        try {
            ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), in.readableBytes());
            shared.framesIn.add(read(bytes));
            in.skipBytes(in.readableBytes() - bytes.remaining());
            if (state == State.LEAVING || state == State.ENDED || !in.isReadable()) {
                return;
            }
            held = ReadBuffers.keep(allocator(), in.retain());
        } finally {
            in.release();
        }
    }

    @Override
    boolean isStopped() {
        return paused || state == State.LEAVING || state == State.ENDED;
    }

    @Override
    int messageBytesMax() {
        return shared.limits.messageBytes();
    }

    @Override
    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    void onMessage(Message.Kind kind, ByteBuffer content) {
        Session current = session;
        if (state != State.OPEN || current == null) {
            return;
        }
        try {
            shared.hub.message(current, kind, content);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a message of " + current + " could not be handled", e);
            leave(CloseReason.INTERNAL, false);
        }
    }

    @Override
    void onPing(ByteBuffer bytes, int from, int to) {
        if (state != State.OPEN) {
            return;
        }
        int length = to - from;
        ByteBuf pong = allocator().directBuffer(2 + length);
        FrameHeader.set(pong, 0, FrameHeader.PONG, length);
        bytes.limit(to).position(from);
        pong.writerIndex(2).writeBytes(bytes);
        bytes.clear();
        if (waiting() == 0) {
            write(pong);
            return;
        }
        Pongs slow = pongs;
        if (slow == null) {
            slow = new Pongs(channel);
            pongs = slow;
        }
        slow.send(pong);
    }

    @Override
    void onPong() {
        // That anything was heard at all is noted where bytes come in.
    }

    @Override
    public void pause() {
        if (state == State.OPEN) {
            paused = true;
            resuming = false;
        }
    }

    /** Decodes on in a later task: never from within a call of the hub. */
    @Override
    public void resume() {
        if (paused && !resuming) {
            resuming = true;
            loop.loop().execute(this::resumeNow);
        }
    }

    private void resumeNow() {
        if (resuming) {
            resuming = false;
            paused = false;
            decodeHeld();
            if (!paused && !channel.config().isAutoRead()) {
                channel.config().setAutoRead(true);
            }
        }
    }

    // Writing

    @Override
    public Offer offer(FrameBatch batch, int from, int to) {
        if (state != State.OPEN && state != State.LEAVING) {
            return Offer.CLOSED;
        }
        var frames = (Frames) batch;
        int start = from;
        // A descriptor that was closed may be another client's by now: the channel is told of its end only later.
        if (clear && socket != null && socket.isOpen()) {
            try {
                start += frames.writeTo(socket, from, to);
            } catch (IOException e) {
                breakOff();
                return Offer.CLOSED;
            }
            if (start == to) {
                return Offer.QUEUED;
            }
        }
        return offerToChannel(frames, start, to);
    }

    private Offer offerToChannel(Frames frames, int from, int to) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound == null) {
            return Offer.CLOSED;
        }
        long waiting = outbound.totalPendingWriteBytes() + unflushed;
        int limit = shared.limits.outletBytes();
        if (waiting > 0 && waiting + (to - from) > limit) {
            return Offer.REFUSED;
        }
        write(frames.retainedSlice(from, to));
        return waiting + (to - from) > limit / 2 ? Offer.PRESSED : Offer.QUEUED;
    }

    /** What the client has yet to take from us, beside what lies in the kernel. */
    private long waiting() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes() + unflushed;
    }

    /** To the channel; flushed once at the end of the turn. */
    private void write(ByteBuf bytes) {
        if (tls) {
            unflushed += bytes.readableBytes();
        }
        clear = false;
        channel.write(bytes, channel.voidPromise());
        if (!flushAhead) {
            flushAhead = true;
            loop.flushAtEndOfTurn(this);
        }
    }

    @Override
    public void flushNow() {
        flushAhead = false;
        unflushed = 0;
        channel.flush();
        clear = waiting() == 0;
    }

    // Closing

    @Override
    void onClose(@Nullable CloseReason reason) {
        if (state == State.CLOSING) {
            end();
            closeWhenSent();
            return;
        }
        Session current = session;
        leave(reason == null || current == null ? reason : current.endpoint().closeAnswer(reason), true);
    }

    @Override
    void onViolation(CloseReason reason) {
        if (state == State.CLOSING) {
            end();
            closeWhenSent();
        } else {
            leave(session == null ? reason : session.worded(reason), false);
        }
    }

    /** @param answer whether the client closed first, and expects nothing but our close frame and the end */
    private void leave(@Nullable CloseReason reason, boolean answer) {
        state = State.LEAVING;
        loop.loop().execute(() -> {
            if (state == State.LEAVING) {
                sendClose(reason);
                endAfterClose(answer);
            }
        });
    }

    private void endAfterClose(boolean answered) {
        end();
        disconnect();
        if (answered) {
            closeWhenSent();
        } else {
            Lingering.afterSending(channel);
        }
    }

    @Override
    public void close(CloseReason reason) {
        if (state == State.JOINING) {
            closedEarly = reason;
        } else if (state == State.OPEN) {
            state = State.CLOSING;
            sendClose(reason);
            dropPartial();
            loop.wheel().move(this, loop.ticks(shared.limits.closeTimeout()));
            resume();
        } else if (state == State.LEAVING) {
            sendClose(reason);
            end();
            closeWhenSent();
        }
    }

    private void sendClose(@Nullable CloseReason reason) {
        shared.countClose(reason == null ? WebSockets.NO_CODE : reason.code());
        write(CloseFrame.write(allocator(), reason));
    }

    /** Nothing is read or sent any more; the channel has a last while to send what it has. */
    private void end() {
        state = State.ENDED;
        dropInput();
        channel.config().setAutoRead(true);
        loop.wheel().move(this, loop.ticks(shared.limits.closeTimeout()));
    }

    private void closeWhenSent() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** The connection failed while the hub was calling: it hears of it later, as of any other end. */
    private void breakOff() {
        state = State.ENDED;
        loop.loop().execute(channel::close);
    }

    private void dropInput() {
        ByteBuf bytes = held;
        if (bytes != null) {
            held = null;
            bytes.release();
        }
        dropPartial();
    }

    private void disconnect() {
        Session current = session;
        if (current != null) {
            session = null;
            shared.hub.disconnected(current);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.ENDED;
        loop.wheel().remove(this);
        shared.open.decrement();
        dropInput();
        if (pongs != null) {
            pongs.drop();
        }
        disconnect();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException || cause.getCause() instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, "a connection failed: " + channel.remoteAddress(), cause);
        }
        context.close();
    }

    // Liveness

    @Override
    public int due() {
        if (state == State.CLOSING || state == State.ENDED) {
            channel.close();
            return 0;
        }
        if (paused && !channel.config().isAutoRead()) {
            // We are the ones who do not listen.
            heard = loop.wheel().now();
        } else if (pinged) {
            shared.dead.increment();
            sendClose(CloseReason.NO_PONG);
            flushNow();
            channel.close();
            return 0;
        }
        int silent = loop.wheel().now() - heard;
        int interval = loop.ticks(shared.limits.pingInterval());
        if (silent < interval - interval / JITTER_PARTS) {
            return untilPing(silent);
        }
        pinged = true;
        shared.pings.increment();
        ByteBuf ping = allocator().directBuffer(2);
        FrameHeader.set(ping, 0, FrameHeader.PING, 0);
        write(ping.writerIndex(2));
        return Math.max(1, loop.ticks(shared.limits.pongTimeout()));
    }

    /** Somewhat earlier than the limit says, by chance: clients that came at the same time are not asked at once. */
    private int untilPing(int silent) {
        int interval = loop.ticks(shared.limits.pingInterval());
        int jitter = ThreadLocalRandom.current().nextInt(interval / JITTER_PARTS + 1);
        return Math.max(1, interval - jitter - silent);
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int seat() {
        return seat;
    }

    @Override
    public void placed(int newSlot, int newSeat) {
        slot = newSlot;
        seat = newSeat;
    }
}
