package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Session;
import io.switchboard.hub.Uplinks;
import io.switchboard.message.Message;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.transport.loop.ServerLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A client whose request is answered for as long as its session lasts; the only handler on its channel, but for TLS.
 * What it says comes with its request, and later by its {@link #uplink}; on this connection nothing is read any more,
 * for the answer said that it is the last.
 *
 * <p>While the hub wants it to pause, what comes by the uplink waits, up to as many bytes as an outlet may hold.
 */
public final class StreamConnection extends FrameSender implements Uplinks.Uplink {
    private static final System.Logger LOG = System.getLogger(StreamConnection.class.getName());
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        JOINING,
        OPEN,
        ENDED
    }

    private record Said(Message message, CompletableFuture<Boolean> taken) {}

    private final Queue<Said> waitingIn = new ArrayDeque<>(2);
    private int bytesIn;
    private State state = State.JOINING;
    private StreamEndpoint.@Nullable Uplink uplink;

    public StreamConnection(Connections shared, ServerLoop loop, Channel channel) {
        super(shared, loop, channel);
    }

    /** The hub took it in: begins the answer, and hands on what the client said first once the hub has admitted it. */
    public void start(Session admitted, ByteBuf head, Message first) {
        state = State.OPEN;
        session = admitted;
        channel.config().setWriteBufferWaterMark(shared.marks);
        channel.config().setAutoRead(true);
        shared.streams.increment();
        write(head);
        waitingIn.add(new Said(first, new CompletableFuture<>()));
        bytesIn += first.length();
        resume();
    }

    /**
     * Where the client sends what it says later; opened when it is first asked for.
     *
     * @throws IllegalStateException if the hub has not taken it in
     */
    public StreamEndpoint.Uplink uplink() {
        if (state == State.JOINING) {
            throw new IllegalStateException("a session that is not in has no uplink");
        }
        StreamEndpoint.Uplink known = uplink;
        if (known == null) {
            Uplinks all = shared.hub.uplinks();
            // To a connection that is gone nobody has a key.
            known = new StreamEndpoint.Uplink(all.node(), state == State.OPEN ? all.open(this) : "");
            uplink = known;
        }
        return known;
    }

    // Reading

    /** A client that has its answer may say nothing more here. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public CompletionStage<Boolean> take(Message message) {
        var said = new Said(message, new CompletableFuture<>());
        loop.loop().execute(() -> take(said));
        return said.taken();
    }

    private void take(Said said) {
        int length = said.message().length();
        if (state != State.OPEN) {
            said.taken().complete(false);
        } else if (bytesIn > 0 && bytesIn + length > shared.limits.outletBytes()) {
            said.taken().completeExceptionally(new RejectedExecutionException("too much waits to be carried out"));
        } else {
            waitingIn.add(said);
            bytesIn += length;
            readOn();
        }
    }

    @Override
    void readOn() {
        while (!paused && state == State.OPEN && !waitingIn.isEmpty()) {
            Said next = waitingIn.remove();
            bytesIn -= next.message().length();
            tellHub(next.message());
            next.taken().complete(true);
        }
    }

    private void tellHub(Message message) {
        Session current = session;
        if (current == null) {
            return;
        }
        shared.streamsIn.increment();
        try {
            shared.hub.message(current, message.kind(), message.view());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a message of " + current + " could not be handled", e);
            shared.hub.close(current.id(), CloseReason.INTERNAL);
        }
    }

    // Writing

    @Override
    public Offer offer(FrameBatch batch, int from, int to) {
        return state == State.OPEN ? send((Frames) batch, from, to) : Offer.CLOSED;
    }

    // The end

    /** The client has been told the reason, if its protocol has words for it: here is no place for it. */
    @Override
    public void close(CloseReason reason) {
        if (state == State.OPEN) {
            failed();
            if (!reason.isWordless()) {
                write(Unpooled.wrappedBuffer(LAST_CHUNK));
            }
            closeWhenSent();
            loop.wheel().move(this, loop.ticks(shared.limits.closeTimeout()));
        }
    }

    @Override
    void failed() {
        state = State.ENDED;
        StreamEndpoint.Uplink known = uplink;
        if (known != null) {
            shared.hub.uplinks().close(known.key());
        }
        for (Said said = waitingIn.poll(); said != null; said = waitingIn.poll()) {
            said.taken().complete(false);
        }
    }

    /** It has not taken what it was sent in time. */
    @Override
    public int due() {
        channel.close();
        return 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shared.streams.decrement();
        super.channelInactive(context);
    }
}
