package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Session;
import io.switchboard.message.Message;
import io.switchboard.protocol.CloseReason;
import io.switchboard.transport.loop.DirectReads;
import io.switchboard.transport.loop.Lingering;
import io.switchboard.transport.loop.ReadBuffers;
import io.switchboard.transport.loop.ServerLoop;
import java.nio.ByteBuffer;
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
 * A reason that is to be passed over in silence skips our close frame: from OPEN or LEAVING to ENDED.
 *
 * <p>LEAVING lasts until the end of the turn, so that answers to what the client asked before it left go out before our
 * close frame. Nothing is offered to the client after a close frame, and nothing of what comes after the client's is
 * read.
 *
 * <p>Bytes that cannot be decoded yet, a header cut in two or whatever came while the hub is not ready for more, are
 * <em>held</em>. An idle connection holds nothing.
 */
public final class WebSocketConnection extends FrameReader implements DirectReads.Reader {
    private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());

    private enum State {
        /** Not admitted yet: the client speaks HTTP and can be told nothing. */
        JOINING,
        OPEN,
        LEAVING,
        CLOSING,
        ENDED
    }

    private State state = State.JOINING;

    /** The hub closed the session before it had admitted it: somebody took its place, or the node is leaving. */
    private @Nullable CloseReason closedEarly;

    // Reading

    private @Nullable ByteBuf held;
    private @Nullable Pongs pongs;

    // Liveness, in ticks of the wheel

    private final boolean keptAlive;
    private int heard;
    private boolean pinged;

    /** Where a client was, when last asked, that had yet to take more than our ping. */
    private @Nullable Progress asked;

    /** @param keptAlive whether the protocol asks silent clients itself */
    public WebSocketConnection(Connections shared, ServerLoop loop, Channel channel, boolean keptAlive) {
        super(shared, loop, channel);
        this.keptAlive = keptAlive;
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
        channel.config().setWriteBufferWaterMark(shared.marks);
        shared.open.increment();
        if (!keptAlive && !shared.limits.pingInterval().isZero()) {
            loop.wheel().add(this, shared.untilPing(loop, 0));
        }
        if (!tls) {
            loop.readDirectly(channel, this);
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
        received((ByteBuf) message);
    }

    @Override
    public int prefetchToRead() {
        Session current = session;
        return heard + prefetch() + (current == null ? 0 : current.prefetch());
    }

    @Override
    public void failedToRead(Throwable failure) {
        channel.pipeline().fireExceptionCaught(failure);
    }

    @Override
    public void received(ByteBuf bytes) {
        ByteBuf in = bytes;
        heard = loop.wheel().now();
        pinged = false;
        shared.bytesIn.add(in.readableBytes());
        if (state == State.LEAVING || state == State.ENDED) {
            in.release();
            return;
        }
        ByteBuf before = held;
        if (before != null) {
            try {
                before.writeBytes(in);
            } finally {
                in.release();
            }
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
        ByteBuf pong = Pongs.frame(allocator(), FrameHeader.PONG, bytes, from, to);
        if (waiting() == 0) {
            write(pong);
            return;
        }
        Pongs slow = pongs;
        if (slow == null) {
            slow = new Pongs(this);
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
            super.pause();
        }
    }

    @Override
    void readOn() {
        decodeHeld();
        if (!paused && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    // Writing

    @Override
    public Offer offer(FrameBatch batch, int from, int to) {
        return state == State.OPEN || state == State.LEAVING ? send((Frames) batch, from, to) : Offer.CLOSED;
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
        } else if (reason.isWordless() && (state == State.OPEN || state == State.LEAVING)) {
            end();
            closeWhenSent();
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
        shared.countClose(reason == null ? Connections.NO_CODE : reason.code());
        write(CloseFrame.write(allocator(), reason));
    }

    /** Nothing is read or sent any more; the channel has a last while to send what it has. */
    private void end() {
        state = State.ENDED;
        dropInput();
        channel.config().setAutoRead(true);
        loop.wheel().move(this, loop.ticks(shared.limits.closeTimeout()));
    }

    @Override
    void failed() {
        state = State.ENDED;
    }

    private void dropInput() {
        ByteBuf bytes = held;
        if (bytes != null) {
            held = null;
            bytes.release();
        }
        dropPartial();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shared.open.decrement();
        dropInput();
        if (pongs != null) {
            pongs.drop();
        }
        super.channelInactive(context);
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
        } else if (pinged && isTaking()) {
            return Math.max(1, loop.ticks(shared.limits.pongTimeout()));
        } else if (pinged) {
            shared.dead.increment();
            sendClose(session == null ? CloseReason.NO_PONG : session.ending(CloseReason.NO_PONG));
            flushNow();
            channel.close();
            return 0;
        }
        int silent = loop.wheel().now() - heard;
        int interval = loop.ticks(shared.limits.pingInterval());
        if (silent < interval - interval / Connections.JITTER_PARTS) {
            return shared.untilPing(loop, silent);
        }
        pinged = true;
        shared.pings.increment();
        write(Pongs.frame(allocator(), FrameHeader.PING, ByteBuffer.allocate(0), 0, 0));
        flushNow();
        asked = waiting() > 0 ? Progress.of(channel) : null;
        return Math.max(1, loop.ticks(shared.limits.pongTimeout()));
    }

    /** A client that takes what waits for it is alive: our ping, or its pong, may be behind that. */
    private boolean isTaking() {
        Progress before = asked;
        Progress now = Progress.of(channel);
        asked = now.waiting() > 0 ? now : null;
        return before != null && now.isBeyond(before);
    }
}
