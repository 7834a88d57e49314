package io.switchboard.bridges.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections. Each can be ended at once, whatever it is doing: the client's own ways wait for a broker that may
 * have stopped.
 */
final class Dialer {
    static final int PATIENCE_MILLIS = 3_000;
    /** The broker notices a connection that is gone after twice this. */
    private static final int HEARTBEAT_SECONDS = 5;

    private static final int CLOSING_MILLIS = 500;
    /** More than any queue of ours holds, and than a publication may have. */
    private static final int BODY_BYTES_MAX = Bounds.QUEUE_BYTES + (1 << 20);

    private final RabbitTarget target;
    private final @Nullable SSLContext tls;
    private final Names names;

    Dialer(RabbitTarget target, @Nullable SSLContext tls, Names names) {
        this.target = target;
        this.tls = tls;
        this.names = names;
    }

    /** A connection, its socket, and the hand on its flushes. */
    record Line(Connection connection, Socket socket, HeldFrames frames) {
        /** Without a word to the broker, and without waiting. */
        void cut() {
            try {
                // With this a close resets, and does not wait for what a stopped broker has not read.
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException _gone) {
                // That is what was wanted.
            }
            connection.abort(1);
        }

        void close() {
            connection.abort(CLOSING_MILLIS);
            cut();
        }
    }

    @Override
    public String toString() {
        return target.toString();
    }

    /** Blocks, at most {@link #PATIENCE_MILLIS} for each broker and step. */
    Line dial(String purpose, ExecutorService deliveries) throws IOException, TimeoutException {
        var factory = new Factory();
        configure(factory);
        var brokers = target.brokers().hosts().stream()
                .map(broker -> new Address(broker.host(), broker.port()))
                .toList();
        Connection connection = factory.newConnection(deliveries, brokers, names.queue() + " " + purpose);
        return new Line(connection, factory.sockets.getLast(), factory.frames.getLast());
    }

    private void configure(Factory factory) {
        if (!target.brokers().user().isEmpty()) {
            factory.setUsername(target.brokers().user());
            factory.setPassword(target.brokers().password());
        }
        factory.setVirtualHost(target.virtualHost());
        // Recovery is ours: the client's would hide what became of publications.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setConnectionTimeout(PATIENCE_MILLIS);
        factory.setHandshakeTimeout(PATIENCE_MILLIS);
        factory.setChannelRpcTimeout(PATIENCE_MILLIS);
        factory.setShutdownTimeout(CLOSING_MILLIS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setMaxInboundMessageBodySize(BODY_BYTES_MAX);
        factory.setThreadFactory(thread("io").factory());
        factory.setExceptionHandler(new ForgivingExceptionHandler() {
            @Override
            protected void log(String message, Throwable e) {
                // A lost connection is told by whoever uses it.
            }
        });
        if (tls != null) {
            factory.useSslProtocol(tls);
            factory.enableHostnameVerification();
        }
        factory.setSocketConfigurator(socket -> {
            socket.setTcpNoDelay(true);
            factory.sockets.add(socket);
        });
    }

    /** Those of the bridge and of the client do not keep a program running. */
    static Thread.Builder thread(String purpose) {
        return Thread.ofPlatform().daemon().name("switchboard-rabbitmq-" + purpose);
    }

    private static final class Factory extends ConnectionFactory {
        final List<Socket> sockets = new CopyOnWriteArrayList<>();
        final List<HeldFrames> frames = new CopyOnWriteArrayList<>();

        @Override
        protected synchronized FrameHandlerFactory createFrameHandlerFactory() throws IOException {
            FrameHandlerFactory plain = super.createFrameHandlerFactory();
            return (address, name) -> {
                var held = new HeldFrames(plain.create(address, name));
                frames.add(held);
                return held;
            };
        }
    }
}
