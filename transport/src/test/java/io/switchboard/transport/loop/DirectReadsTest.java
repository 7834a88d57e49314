package io.switchboard.transport.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectReadsTest {
    private static final int TIMEOUT_SECONDS = 30;

    /** The server's end of a connection: what it got, past Netty or through it, and how it ended. */
    private static final class Peer extends ChannelInboundHandlerAdapter implements DirectReads.Reader {
        final Channel channel;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CompletableFuture<byte[]> end = new CompletableFuture<>();
        final List<Throwable> bugs = new CopyOnWriteArrayList<>();
        int direct;
        int piped;

        final List<ByteBuf> held = new ArrayList<>();
        boolean holds;
        boolean fails;

        Peer(Channel channel) {
            this.channel = channel;
        }

        @Override
        public int prefetchToRead() {
            return direct;
        }

        @Override
        public void received(ByteBuf in) {
            direct++;
            take(in);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object in) {
            piped++;
            take((ByteBuf) in);
        }

        private void take(ByteBuf in) {
            if (holds) {
                held.add(in);
                return;
            }
            try {
                if (fails) {
                    throw new AssertionError("as it was told to");
                }
                in.readBytes(bytes, in.readableBytes());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } finally {
                in.release();
            }
        }

        @Override
        public void failedToRead(Throwable bug) {
            bugs.add(bug);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end.complete(bytes.toByteArray());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private final BlockingQueue<Peer> arrived = new LinkedBlockingQueue<>();
    private NettyLoops loops;
    private DirectReads reads;
    private Channel listener;

    @BeforeEach
    void listen() throws Exception {
        assumeTrue(Epoll.isAvailable(), "epoll is Linux's");
        loops = new NettyLoops(1, NettyLoops.Kind.EPOLL);
        reads = loops.all().getFirst().unwrap(DirectReads.class).orElseThrow();
        listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        var peer = new Peer(channel);
                        channel.pipeline().addLast(peer);
                        reads.begin((EpollSocketChannel) channel, peer);
                        arrived.add(peer);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    @AfterEach
    void close() {
        if (loops != null) {
            loops.close();
        }
    }

    private Socket connect() throws IOException {
        var address = (InetSocketAddress) listener.localAddress();
        return new Socket(address.getAddress(), address.getPort());
    }

    private Peer accepted() throws InterruptedException {
        Peer peer = arrived.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertTrue(peer != null, "nobody arrived");
        return peer;
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loops.group().next().submit(task).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitText(Peer peer, String text) throws Exception {
        while (!onLoop(peer.bytes::toString).equals(text)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void bytesComePastThePipelineAndTheEndThroughIt() throws Exception {
        try (var client = connect()) {
            Peer peer = accepted();
            say(client, "one");
            awaitText(peer, "one");
            assertEquals(0, peer.piped);
            say(client, "two");
            awaitText(peer, "onetwo");
            assertEquals(2, peer.direct);
            client.shutdownOutput();
            assertEquals("onetwo", new String(peer.end.get(TIMEOUT_SECONDS, TimeUnit.SECONDS), StandardCharsets.UTF_8));
        }
    }

    @Test
    void moreThanFitsAndThenTheEndArriveWholeAndInOrder() throws Exception {
        var bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);
        var peers = new ArrayList<Peer>();
        var senders = new ArrayList<Thread>();
        // More than a turn reads, so that turns have full and partial batches.
        for (int i = 0; i < 40; i++) {
            var client = connect();
            peers.add(accepted());
            senders.add(Thread.ofVirtual().start(() -> {
                try (client) {
                    client.getOutputStream().write(bytes);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Peer peer : peers) {
            assertArrayEquals(bytes, peer.end.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            assertTrue(peer.direct > 0, "never read directly");
        }
        for (Thread sender : senders) {
            sender.join();
        }
    }

    @Test
    void nothingIsKeptOfThoseThatAreGone() throws Exception {
        int before = onLoop(reads::size);
        for (int round = 0; round < 3; round++) {
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < 50; i++) {
                var client = connect();
                clients.add(client);
                say(client, "hello");
            }
            assertTrue(onLoop(reads::size) <= before + 50);
            for (int i = 0; i < clients.size(); i++) {
                // Every second one resets.
                clients.get(i).setSoLinger(i % 2 == 0, 0);
                clients.get(i).close();
            }
            for (int i = 0; i < 50; i++) {
                accepted().end.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
            assertEquals(before, onLoop(reads::size));
        }
    }

    @Test
    void whatSomebodyHoldsOnToIsNotReadOver() throws Exception {
        try (var first = connect()) {
            Peer holding = accepted();
            holding.holds = true;
            say(first, "mine");
            while (onLoop(() -> holding.held.isEmpty())) {
                Thread.onSpinWait();
            }
            try (var second = connect()) {
                Peer other = accepted();
                say(second, "others");
                awaitText(other, "others");
            }
            ByteBuf held = onLoop(holding.held::getFirst);
            assertEquals("mine", onLoop(() -> held.toString(StandardCharsets.UTF_8)));
            assertEquals(false, onLoop(held::release), "the loop keeps it");
        }
    }

    @Test
    void oneThatFailsKeepsNobodyElseFromReading() throws Exception {
        try (var first = connect();
                var second = connect()) {
            Peer failing = accepted();
            failing.fails = true;
            Peer other = accepted();
            say(first, "bad");
            say(second, "good");
            // Either may be the first to have arrived.
            while (onLoop(() -> failing.bugs.isEmpty() || other.bytes.size() == 0)) {
                Thread.onSpinWait();
            }
            assertEquals("as it was told to", failing.bugs.getFirst().getMessage());
        }
    }

    @Test
    void aPausedOneIsReadWhenItGoesOn() throws Exception {
        try (var client = connect()) {
            Peer peer = accepted();
            say(client, "before");
            awaitText(peer, "before");
            onLoop(() -> peer.channel.config().setAutoRead(false));
            say(client, " while");
            try (var other = connect()) {
                Peer second = accepted();
                say(other, "a turn");
                awaitText(second, "a turn");
            }
            assertEquals("before", onLoop(peer.bytes::toString));
            onLoop(() -> peer.channel.config().setAutoRead(true));
            awaitText(peer, "before while");
            assertEquals(0, peer.piped);
        }
    }
}
