package io.switchboard.transport.loop;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.switchboard.loop.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The event loops of a node that is open to the world: connections and the hub's shards run on the same threads. */
public final class NettyLoops implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    /**
     * So many connections are read before what they said goes out: more would have left the processor's cache by then.
     */
    private static final int READS_PER_TURN = 32;

    /** How sockets are waited for. */
    public enum Kind {
        /** epoll where it is available, else NIO. */
        AUTO,
        EPOLL,
        NIO
    }

    private final EventLoopGroup group;
    private final List<EventLoop> eventLoops = new ArrayList<>();
    private final List<Loop> loops = new ArrayList<>();
    private final boolean epoll;

    /** @throws IllegalStateException if epoll is demanded and not available */
    public NettyLoops(int count, Kind kind) {
        epoll = kind == Kind.EPOLL || (kind == Kind.AUTO && Epoll.isAvailable());
        if (epoll && !Epoll.isAvailable()) {
            throw new IllegalStateException(
                    "epoll is not available here, use auto or nio: " + Epoll.unavailabilityCause());
        }
        Map<ThreadAwareExecutor, DirectReads> reads = new HashMap<>();
        IoHandlerFactory factory = epoll ? withDirectReads(reads) : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("switchboard-loop", true), factory);
        group.forEach(executor -> {
            var eventLoop = (EventLoop) executor;
            eventLoops.add(eventLoop);
            loops.add(new NettyLoop(eventLoop, reads.get(eventLoop)));
        });
    }

    private static IoHandlerFactory withDirectReads(Map<ThreadAwareExecutor, DirectReads> reads) {
        IoHandlerFactory epoll = EpollIoHandler.newFactory(READS_PER_TURN, DefaultSelectStrategyFactory.INSTANCE);
        return eventLoop -> {
            var handler = new DirectReads(epoll.newHandler(eventLoop));
            reads.put(eventLoop, handler);
            return handler;
        };
    }

    /** In the order of the hub's shards. */
    public List<Loop> all() {
        return List.copyOf(loops);
    }

    public boolean usesEpoll() {
        return epoll;
    }

    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Which of {@link #all} a channel lives on. */
    public int indexOf(EventLoop eventLoop) {
        int index = eventLoops.indexOf(eventLoop);
        if (index < 0) {
            throw new IllegalArgumentException("not one of these loops: " + eventLoop);
        }
        return index;
    }

    /** Closes what connections are left and ends the threads; waits for it unless called by one of them. */
    @Override
    public void close() {
        var ended = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (eventLoops.stream().noneMatch(EventLoop::inEventLoop)) {
            ended.awaitUninterruptibly(2 * CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
