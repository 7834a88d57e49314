package io.switchboard.bridges.redis;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.switchboard.loop.Loop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The event loop that the bridge lives on: one of the node's, so that what it publishes costs no change of thread, or
 * one of its own where the node's loops do no I/O.
 */
record RedisLoop(EventLoop eventLoop, Class<? extends Channel> channelType, Runnable release) {
    static RedisLoop of(List<Loop> loops) {
        for (Loop loop : loops) {
            var found = loop.unwrap(EventLoop.class).orElse(null);
            if (found instanceof IoEventLoop io) {
                if (Epoll.isAvailable() && io.isCompatible(EpollIoHandle.class)) {
                    return new RedisLoop(io, EpollSocketChannel.class, () -> {});
                }
                if (io.isCompatible(NioIoHandle.class)) {
                    return new RedisLoop(io, NioSocketChannel.class, () -> {});
                }
            }
        }
        return own();
    }

    private static RedisLoop own() {
        boolean epoll = Epoll.isAvailable();
        var group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("switchboard-redis", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        return new RedisLoop(
                group.next(),
                epoll ? EpollSocketChannel.class : NioSocketChannel.class,
                () -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }
}
