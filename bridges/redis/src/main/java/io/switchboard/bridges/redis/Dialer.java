package io.switchboard.bridges.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.switchboard.backplane.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes connections, all alike but for their address. */
final class Dialer {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int GREETING_MILLIS = 3_000;

    private final RedisLoop loop;
    private final @Nullable SslContext tls;
    private final Credentials credentials;

    Dialer(RedisLoop loop, @Nullable SslContext tls, Credentials credentials) {
        this.loop = loop;
        this.tls = tls;
        this.credentials = credentials;
    }

    Dialer withPassword(String password) {
        return new Dialer(loop, tls, credentials.withPassword(password));
    }

    EventLoop eventLoop() {
        return loop.eventLoop();
    }

    /** Returns at once; the owner is told how it went. */
    RespConnection dial(Address address, RespConnection.Owner owner) {
        var connection = new RespConnection(credentials, owner);
        if (NetUtil.isValidIpV4Address(address.host()) || NetUtil.isValidIpV6Address(address.host())) {
            // Even then not within this call: the owner does not know its connection yet.
            eventLoop().execute(() -> resolve(address, connection));
        } else {
            // Looking up a name may take long.
            Thread.ofVirtual().name("switchboard-redis-lookup").start(() -> resolve(address, connection));
        }
        eventLoop().schedule(connection::expectGreeting, GREETING_MILLIS, TimeUnit.MILLISECONDS);
        return connection;
    }

    private void resolve(Address address, RespConnection connection) {
        try {
            var resolved = new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            connect(address, resolved, connection);
        } catch (UnknownHostException _unknown) {
            eventLoop().execute(() -> connection.die("no address is known for host " + address.host()));
        }
    }

    private void connect(Address address, InetSocketAddress resolved, RespConnection connection) {
        new Bootstrap()
                .group(eventLoop())
                .channel(loop.channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1 << 10, 16 << 10, 256 << 10))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), address.host(), address.port()));
                        }
                        channel.pipeline().addLast(connection);
                    }
                })
                .connect(resolved)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        connection.die(RespConnection.explain(connected.cause()));
                    }
                });
    }
}
