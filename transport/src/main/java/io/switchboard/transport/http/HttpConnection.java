package io.switchboard.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.switchboard.protocol.Refusal;
import io.switchboard.transport.loop.Lingering;
import io.switchboard.transport.loop.ReadBuffers;
import io.switchboard.transport.loop.ServerLoop;
import io.switchboard.transport.loop.Wheel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection while it speaks HTTP: reads one request after another and has each answered by a route, until one asks
 * for a WebSocket or a stream and is admitted; then another handler takes its place. The next request is not looked at
 * before the answer to the last one has been sent.
 */
public final class HttpConnection extends ChannelInboundHandlerAdapter implements Wheel.Timed {
    private static final System.Logger LOG = System.getLogger(HttpConnection.class.getName());
    private static final Duration ANSWER_TIME = Duration.ofMillis(ServerLoop.LONGEST_MILLIS);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        /** Waits for a request, or for the rest of its head. */
        HEAD,
        BODY,
        /** A route or the hub has the request. */
        BUSY,
        SENDING,
        ENDED
    }

    /** Goes on with a request when its body is there. */
    private interface Whole {
        void whole(ByteBuffer body) throws Refusal.Thrown;
    }

    private final HttpSide side;
    private final ServerLoop loop;
    private final Channel channel;
    private State state = State.HEAD;
    private boolean processing;
    private @Nullable ByteBuf held;

    /** Of {@link #held}, looked through without finding the end of the head. */
    private int scanned;

    private @Nullable Whole whole;
    private @Nullable Body body;
    private Map<String, String> refusalHeaders = Map.of();
    private int slot = -1;
    private int seat;

    public HttpConnection(HttpSide side, ServerLoop loop, Channel channel) {
        this.side = side;
        this.loop = loop;
        this.channel = channel;
    }

    public ServerLoop loop() {
        return loop;
    }

    public Channel channel() {
        return channel;
    }

    /** The peer's host, without its port. */
    public String remoteAddress() {
        return channel.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "";
    }

    /** Whether nobody waits for an answer any more. */
    public boolean isGone() {
        return state != State.BUSY || !channel.isActive();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        side.accepted.increment();
        side.open.increment();
        loop.wheel().add(this, loop.ticks(side.limits.handshake()));
    }

    // Reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        if (state == State.ENDED) {
            in.release();
            return;
        }
        ByteBuf before = held;
        if (before == null) {
            held = in;
        } else {
            before.discardSomeReadBytes();
            before.writeBytes(in);
            in.release();
            in = before;
        }
        if ((state == State.BUSY || state == State.SENDING) && in.readableBytes() > side.limits.headerBytes()) {
            channel.config().setAutoRead(false);
        }
        process();
        ByteBuf rest = held;
        if (before == null && rest != null) {
            held = ReadBuffers.keep(channel.alloc(), rest);
        }
    }

    /** Goes as far as it can. What it calls may have answered before it returns, then it is called within itself. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean more = true;
            while (more) {
                ByteBuf in = held;
                more = in != null
                        && in.isReadable()
                        && (state == State.HEAD ? head(in) : state == State.BODY && body(in));
            }
        } catch (Refusal.Thrown e) {
            refuse(e.refusal());
        } finally {
            processing = false;
        }
        ByteBuf in = held;
        if (in != null && !in.isReadable()) {
            dropHeld();
        }
    }

    private boolean head(ByteBuf in) throws Refusal.Thrown {
        int from = in.readerIndex();
        if (in.getByte(from) == '\r' && in.readableBytes() > 1 && in.getByte(from + 1) == '\n') {
            // An empty line before a request is to be passed over.
            in.skipBytes(2);
            return true;
        }
        int end = headEnd(in);
        int length = end < 0 ? in.readableBytes() : end - from;
        if (length > side.limits.headerBytes()) {
            throw new Refusal.Thrown(
                    Refusal.of(431, "the limit for a request's head is " + side.limits.headerBytes() + " bytes"));
        }
        if (end < 0) {
            scanned = length;
            return false;
        }
        scanned = 0;
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        begin(RequestParser.parse(bytes));
        return true;
    }

    /** Behind the first empty line, or -1. Lines that end in LF alone count here; the parser refuses them. */
    private int headEnd(ByteBuf in) {
        int from = in.readerIndex();
        for (int i = from + scanned; i < in.writerIndex(); i++) {
            if (in.getByte(i) == '\n' && i > from) {
                int before = in.getByte(i - 1) == '\r' ? i - 2 : i - 1;
                if (before >= from && in.getByte(before) == '\n') {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    private void begin(RequestHead head) throws Refusal.Thrown {
        if (head.asksForWebSocket()) {
            if (takes(() -> side.upgrades.take(head, this))) {
                return;
            }
            state = State.HEAD;
        }
        side.requests.increment();
        String path = Percent.decode(head.path());
        Optional<HttpRoute> found = side.routes.find(path);
        if (found.isEmpty() || (found.get().prefix() && found.get().path().equals("/"))) {
            // A page at the root does not hide the endpoints below it.
            if (isForEndpoint(head)) {
                return;
            }
        }
        if (found.isEmpty()) {
            answer(head, side.routes.missing(path), head.hasBody());
        } else if (!found.get().answers(head.method())) {
            String allowed = String.join(", ", found.get().methods());
            HttpAnswer refusal =
                    HttpAnswer.text(405, "allowed here: " + allowed).with("Allow", allowed);
            answer(head, refusal, head.hasBody());
        } else {
            HttpRoute route = found.get();
            expectBody(head, side.limits.bodyBytes(), content -> ask(head, path, route, content));
        }
    }

    private boolean isForEndpoint(RequestHead head) throws Refusal.Thrown {
        Optional<Streams.Judged> judged = side.streams.judge(head);
        if (judged.isEmpty()) {
            Optional<Refusal> plain = side.upgrades.plainAnswer(head);
            plain.ifPresent(refusal -> answer(head, HttpAnswer.refusal(refusal), head.hasBody()));
            return plain.isPresent();
        }
        switch (judged.get()) {
            case Streams.Answered(HttpAnswer answer) -> answer(head, answer, head.hasBody());
            case Streams.Expected(int bytesMax, Map<String, String> headers, Streams.Taker taker) -> {
                refusalHeaders = headers;
                expectBody(
                        head,
                        bytesMax,
                        content -> takes(() -> {
                            taker.take(content, this);
                            return true;
                        }));
            }
        }
        return true;
    }

    private interface Taking {
        boolean takes() throws Refusal.Thrown;
    }

    /** Says whether somebody else sees to the answer from here on. */
    private boolean takes(Taking taking) throws Refusal.Thrown {
        state = State.BUSY;
        loop.wheel().move(this, loop.ticks(ANSWER_TIME));
        try {
            return taking.takes();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a handshake failed", e);
            refuse(Refusal.of(500, "internal error"));
            return true;
        }
    }

    private void expectBody(RequestHead head, int bytesMax, Whole then) throws Refusal.Thrown {
        if (!head.hasBody()) {
            then.whole(ByteBuffer.allocate(0));
            return;
        }
        whole = then;
        body = new Body(head, bytesMax);
        state = State.BODY;
        if (head.lists("expect", "100-continue")) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE), channel.voidPromise());
        } else if (head.headers().containsKey("expect")) {
            throw new Refusal.Thrown(Refusal.of(417, "the only expectation known here is 100-continue"));
        }
    }

    private boolean body(ByteBuf in) throws Refusal.Thrown {
        Body gathering = body;
        Whole then = whole;
        if (gathering == null || then == null || !gathering.read(in)) {
            return false;
        }
        body = null;
        whole = null;
        then.whole(gathering.content());
        return true;
    }

    // Answering

    private void ask(RequestHead head, String path, HttpRoute route, ByteBuffer content) throws Refusal.Thrown {
        state = State.BUSY;
        loop.wheel().move(this, loop.ticks(ANSWER_TIME));
        var request = new HttpRequest(
                head.method(), path, Percent.query(head.query()), head.headers(), content, remoteAddress());
        CompletionStage<HttpAnswer> stage;
        try {
            stage = route.answer().apply(request);
        } catch (RuntimeException e) {
            answered(head, null, e);
            return;
        }
        stage.whenComplete((answer, failure) -> {
            if (loop.loop().isCurrent()) {
                answered(head, answer, failure);
            } else {
                loop.loop().execute(() -> answered(head, answer, failure));
            }
        });
    }

    private void answered(RequestHead head, @Nullable HttpAnswer answer, @Nullable Throwable failure) {
        if (state != State.BUSY) {
            return;
        }
        if (answer == null) {
            LOG.log(System.Logger.Level.ERROR, head.method() + " " + head.path() + " failed", failure);
        }
        answer(head, answer == null ? HttpAnswer.text(500, "internal error") : answer, false);
    }

    /** @param unread whether the request's body has not been read, so that no other request can follow */
    private void answer(RequestHead head, HttpAnswer answer, boolean unread) {
        boolean close = unread || !head.persistent() || head.lists("connection", "close");
        ByteBuf bytes = HttpWriter.write(channel.alloc(), answer, !head.method().equals("HEAD"), close);
        if (close) {
            sendLast(bytes);
            return;
        }
        state = State.SENDING;
        channel.writeAndFlush(bytes).addListener(sent -> {
            if (state == State.SENDING && sent.isSuccess()) {
                state = State.HEAD;
                loop.wheel().move(this, loop.ticks(side.limits.handshake()));
                channel.config().setAutoRead(true);
                process();
            }
        });
    }

    /** Answers with an error, and ends the connection. */
    public void refuse(Refusal refusal) {
        if (state != State.ENDED) {
            side.countRefusal(refusal.status());
            HttpAnswer answer = HttpAnswer.refusal(refusal).with(refusalHeaders);
            sendLast(HttpWriter.write(channel.alloc(), answer, true, true));
        }
    }

    private void sendLast(ByteBuf bytes) {
        state = State.ENDED;
        dropHeld();
        channel.write(bytes, channel.voidPromise());
        Lingering.afterSending(channel);
        channel.config().setAutoRead(true);
        loop.wheel().move(this, loop.ticks(side.limits.closeTimeout()));
    }

    /** Another handler takes this one's place; returns what was received after the request, to be released by it. */
    public @Nullable ByteBuf giveWay(ChannelHandler next) {
        state = State.ENDED;
        loop.wheel().remove(this);
        side.open.decrement();
        ByteBuf rest = held;
        held = null;
        channel.pipeline().replace(this, null, next);
        if (rest != null && !rest.isReadable()) {
            rest.release();
            return null;
        }
        return rest == null ? null : ReadBuffers.keep(channel.alloc(), rest);
    }

    // The end

    @Override
    public int due() {
        switch (state) {
            case HEAD -> {
                if (held == null) {
                    channel.close();
                } else {
                    refuse(Refusal.of(408, "the request did not come in time: limits.handshake"));
                }
            }
            case BODY -> refuse(Refusal.of(408, "the request's body did not come in time: limits.handshake"));
            case BUSY -> refuse(Refusal.busy("no answer in time", Duration.ofSeconds(1)));
            case SENDING, ENDED -> channel.close();
        }
        return 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.ENDED;
        side.open.decrement();
        loop.wheel().remove(this);
        dropHeld();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause.getCause() instanceof SSLException) {
            side.tlsFailures.increment();
        } else if (!(cause instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, "a connection failed: " + channel.remoteAddress(), cause);
        }
        context.close();
    }

    private void dropHeld() {
        ByteBuf bytes = held;
        if (bytes != null) {
            held = null;
            bytes.release();
        }
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
