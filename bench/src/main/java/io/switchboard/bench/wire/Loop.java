package io.switchboard.bench.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One generator thread: a selector and its connections. A turn reads whatever has come (several frames per read, all
 * into one buffer), lets the load decide what to send, and writes once per connection. The selector's clock has
 * milliseconds only; a {@link Pacemaker} wakes it when something is due sooner.
 */
public final class Loop implements AutoCloseable {
    private static final int INCOMING = 1 << 20;
    private static final int SMALL = 4_096;
    private static final int POOL_MAX = 4_096;
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** What is due so soon is waited for awake, but only where that leaves the thread idle most of the time. */
    private static final long AWAKE_NANOS = 100_000;

    private static final double AWAKE_INTERVAL_NANOS = 4 * AWAKE_NANOS;
    private static final long SELECT_MAX_MILLIS = 50;

    private final Selector selector;
    private final Thread thread;
    private final Pacemaker pacemaker;
    private final LinkEvents events;
    private final ConcurrentLinkedQueue<Task<?>> tasks = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final byte[] incomingBytes = new byte[INCOMING];
    private final ByteBuffer incoming = ByteBuffer.wrap(incomingBytes);
    private final List<Link> dirty = new ArrayList<>();
    private final ArrayDeque<Link> underWay = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> pool = new ArrayDeque<>();
    private final Consumer<SelectionKey> ready = this::ready;
    private int mask = 0x9E37_79B9;
    private long now;
    private long awakeNanos;
    private volatile boolean closing;

    private record Task<T>(Supplier<T> question, CompletableFuture<T> answer) {
        void run() {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }

    private Loop(String name, LinkEvents events) throws IOException {
        this.events = events;
        selector = Selector.open();
        pacemaker = new Pacemaker(name, selector::wakeup);
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    public static Loop start(String name, LinkEvents events) {
        try {
            var loop = new Loop(name, events);
            loop.thread.start();
            return loop;
        } catch (IOException e) {
            throw new UncheckedIOException("no selector: " + e.getMessage(), e);
        }
    }

    /** Runs it between two turns; an answer in the loop's own words, or the reason why it ended. */
    public <T> CompletableFuture<T> ask(Supplier<T> question) {
        var answer = new CompletableFuture<T>();
        tasks.add(new Task<>(question, answer));
        selector.wakeup();
        if (end.isDone()) {
            refuseTasks();
        }
        return answer;
    }

    public long threadId() {
        return thread.threadId();
    }

    /** On the loop's thread: from this moment on it wakes up at this rhythm, to the tenth of a millisecond. */
    public void beat(long start, double intervalNanos) {
        awakeNanos = intervalNanos >= AWAKE_INTERVAL_NANOS ? AWAKE_NANOS : 0;
        pacemaker.beat(start, intervalNanos);
    }

    public void rest() {
        awakeNanos = 0;
        pacemaker.rest();
    }

    /** On the loop's thread. */
    public Link connect(int id, Endpoint endpoint, String path, List<String> headers) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(endpoint.address());
            var key = channel.register(selector, SelectionKey.OP_CONNECT);
            var request = Upgrade.request(endpoint, path, headers);
            var link = new Link(this, id, endpoint, channel, key, request, System.nanoTime());
            key.attach(link);
            underWay.add(link);
            return link;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        pacemaker.close();
        end.exceptionally(failed -> null).join();
    }

    private void run() {
        try (selector) {
            while (!closing) {
                turn();
            }
            end.complete(null);
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
        }
        refuseTasks();
    }

    private void refuseTasks() {
        var cause = end.isCompletedExceptionally() ? end.exceptionNow() : new IllegalStateException("it was closed");
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.answer.completeExceptionally(cause);
        }
    }

    private void turn() throws IOException {
        now = System.nanoTime();
        long due = events.turn(now);
        giveUp();
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flushTurn(now);
        }
        dirty.clear();
        long wait = due - System.nanoTime();
        now = 0;
        if (wait <= awakeNanos) {
            selector.selectNow(ready);
        } else {
            // Rounded up: the pacemaker is there for what is due within a millisecond.
            selector.select(ready, Math.min(SELECT_MAX_MILLIS, wait / 1_000_000 + 1));
        }
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Link link) {
            link.ready(System.nanoTime());
        }
    }

    private void giveUp() {
        for (var first = underWay.peek(); first != null; first = underWay.peek()) {
            if (first.underWay() && now - first.begun() < HANDSHAKE_NANOS) {
                return;
            }
            underWay.poll();
            if (first.underWay()) {
                first.end("no answer to the handshake within " + HANDSHAKE_NANOS / 1_000_000_000 + " s", now);
            }
        }
    }

    LinkEvents events() {
        return events;
    }

    ByteBuffer incoming() {
        return incoming;
    }

    /** What is in {@link #incoming}. */
    byte[] incomingBytes() {
        return incomingBytes;
    }

    void dirty(Link link) {
        dirty.add(link);
    }

    /** Unlike the last one; that it could be guessed harms nobody here. */
    int mask() {
        mask = mask * 1_664_525 + 1_013_904_223;
        return mask;
    }

    ByteBuffer lend(int length) {
        if (length > SMALL) {
            return ByteBuffer.allocate(length);
        }
        var kept = pool.poll();
        return kept == null ? ByteBuffer.allocate(SMALL) : kept;
    }

    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == SMALL && pool.size() < POOL_MAX) {
            pool.push(buffer.clear());
        }
    }
}
