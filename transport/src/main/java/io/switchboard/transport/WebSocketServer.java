package io.switchboard.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Limits;
import io.switchboard.loop.Loop;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.transport.connection.Connections;
import io.switchboard.transport.connection.WebSocketFraming;
import io.switchboard.transport.handshake.Handshakes;
import io.switchboard.transport.handshake.Origins;
import io.switchboard.transport.handshake.StreamRequests;
import io.switchboard.transport.handshake.UplinkRoutes;
import io.switchboard.transport.http.HttpConnection;
import io.switchboard.transport.http.HttpRoutes;
import io.switchboard.transport.http.HttpSide;
import io.switchboard.transport.loop.NettyLoops;
import io.switchboard.transport.loop.ReadBuffers;
import io.switchboard.transport.loop.ServerLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Opens a hub to the world: WebSockets and streams on the paths of its endpoints, and HTTP routes, on one port. Every
 * connection stays on one loop, the one of the hub's shard that has its session.
 */
public final class WebSocketServer implements AutoCloseable {
    private static final int BACKLOG = 4096;

    // The numbers of Linux: see socket(7) and tcp(7).
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;
    private static final ChannelOption<Integer> KEEPALIVE = new IntegerUnixChannelOption("SO_KEEPALIVE", SOL_SOCKET, 9);
    private static final ChannelOption<Integer> NODELAY = new IntegerUnixChannelOption("TCP_NODELAY", IPPROTO_TCP, 1);
    private static final ChannelOption<Integer> USER_TIMEOUT =
            new IntegerUnixChannelOption("TCP_USER_TIMEOUT", IPPROTO_TCP, 18);
    private static final ChannelOption<Integer> NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", IPPROTO_TCP, 25);

    /** What the kernel keeps for a client beyond what is on its way: the rest waits in its outlet, where we see it. */
    private static final int UNSENT_BYTES = 128 << 10;

    private static final long FAREWELL_MILLIS_MAX = 1_000;

    private final NettyLoops loops;
    private final Optional<Tls> tls;
    private final Limits limits;
    private final HttpSide side;
    private final List<ServerLoop> serverLoops = new ArrayList<>();
    private final Channel listening;

    /**
     * Listens from now on.
     *
     * @param loops those the hub was made with
     * @throws IllegalArgumentException if two endpoints claim the same path
     * @throws UncheckedIOException if the port cannot be had
     */
    public WebSocketServer(
            Hub hub,
            List<Endpoint<?>> endpoints,
            NettyLoops loops,
            ServerSettings settings,
            HttpRoutes routes,
            Meters meters) {
        this.loops = loops;
        this.tls = settings.tls();
        this.limits = settings.limits();
        var connections = new Connections(hub, limits, meters);
        var origins = new Origins(settings.origins(), settings.originRequired());
        List<Endpoint<?>> sockets = new ArrayList<>();
        List<StreamEndpoint<?>> streams = new ArrayList<>();
        for (Endpoint<?> endpoint : endpoints) {
            if (endpoint instanceof StreamEndpoint<?> stream) {
                streams.add(stream);
            } else {
                sockets.add(endpoint);
            }
        }
        var uplinks = new UplinkRoutes(hub, origins, limits.messageBytes());
        this.side = new HttpSide(
                limits,
                routes.with(uplinks.of(streams)),
                new Handshakes(hub, sockets, new WebSocketFraming(ByteBufAllocator.DEFAULT), origins, connections),
                new StreamRequests(hub, limits, streams, origins, connections),
                meters);
        for (Loop loop : loops.all()) {
            serverLoops.add(new ServerLoop(serverLoops.size(), loop, limits));
        }
        this.listening = bind(settings.host(), settings.port());
    }

    private Channel bind(String host, int port) {
        var bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadBuffers())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        if (loops.usesEpoll()) {
            inheritOptions(bootstrap);
        } else {
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelFuture bound = bootstrap.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            String why = "cannot listen on " + host + ":" + port + ": "
                    + (failure.getMessage() == null ? failure : failure.getMessage())
                    + "; is the port in use by another program, and the host one of this machine?";
            throw new UncheckedIOException(new IOException(why, failure));
        }
        return bound.channel();
    }

    /** On Linux a connection has the options of the socket it was accepted from: set once instead of for each. */
    private void inheritOptions(ServerBootstrap bootstrap) {
        bootstrap.option(NODELAY, 1).option(KEEPALIVE, 1).option(NOTSENT_LOWAT, UNSENT_BYTES);
        long patience = limits.pingInterval().plus(limits.pongTimeout()).toMillis();
        if (patience > 0) {
            bootstrap.option(USER_TIMEOUT, (int) Math.min(Integer.MAX_VALUE, patience));
        }
    }

    private void accept(Channel channel) {
        if (tls.isPresent()) {
            SslHandler handler = tls.get().context().newHandler(channel.alloc());
            handler.setHandshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
            // A client that takes nothing any more will not take our farewell.
            handler.setCloseNotifyFlushTimeoutMillis(
                    Math.min(FAREWELL_MILLIS_MAX, limits.closeTimeout().toMillis()));
            channel.pipeline().addLast(handler);
        }
        ServerLoop loop = serverLoops.get(loops.indexOf(channel.eventLoop()));
        channel.pipeline().addLast(new HttpConnection(side, loop, channel));
    }

    /** The port listened on, also where a free one was taken. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Whether the port is open. */
    public boolean isListening() {
        return listening.isActive();
    }

    /** Whether to accept connections; those that come meanwhile wait in the kernel. */
    public void accepts(boolean yes) {
        var done = listening.eventLoop().submit(() -> listening.config().setAutoRead(yes));
        if (loops.all().stream().noneMatch(Loop::isCurrent)) {
            done.awaitUninterruptibly();
        }
    }

    /** Stops listening. Connections stay: the hub closes sessions, the loops what is left. Idempotent. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
    }
}
