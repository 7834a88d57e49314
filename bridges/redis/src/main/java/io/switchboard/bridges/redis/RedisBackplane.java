package io.switchboard.bridges.redis;

import io.netty.channel.EventLoop;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The door of the bridge for all threads: whatever comes in is passed to the {@link Bridge} on its event loop. What the
 * loop itself publishes is written at once; batches of other threads wait in line, and one task takes all that wait.
 */
final class RedisBackplane implements Backplane {
    private final Settings settings;
    private final RedisLoop redisLoop;
    private final EventLoop loop;
    private final Dialer dialer;
    private final Topology topology;
    private final Channels channels;
    private final RareLog log = new RareLog(RedisBackplane.class.getPackageName());
    private final @Nullable SpreadList spread;
    private final boolean hearsOwn;
    private final Tally tally;
    private final Queue<List<? extends Outgoing>> line = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean taking = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Bridge bridge;
    private boolean busy;

    RedisBackplane(
            Settings settings,
            RedisLoop redisLoop,
            Dialer dialer,
            Topology topology,
            Channels channels,
            @Nullable SpreadList spread,
            boolean hearsOwn) {
        this.hearsOwn = hearsOwn;
        this.settings = settings;
        this.redisLoop = redisLoop;
        this.loop = redisLoop.eventLoop();
        this.dialer = dialer;
        this.topology = topology;
        this.channels = channels;
        this.spread = spread;
        this.tally = new Tally(settings.meters(), log, this::isUp);
    }

    @Override
    public void start(Listener listener) {
        var started = new Bridge(settings, dialer, topology, channels, spread, tally, log, listener, hearsOwn);
        bridge = started;
        pass(started::start);
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        var confirmed = new CompletableFuture<Void>();
        Bridge started = bridge;
        if (closed.get() || started == null) {
            confirmed.completeExceptionally(closed());
            return confirmed;
        }
        boolean passed = pass(() -> {
            if (started.isClosed()) {
                confirmed.completeExceptionally(closed());
            } else {
                started.subscriptions().subscribe(topic, confirmed);
            }
        });
        if (!passed) {
            confirmed.completeExceptionally(closed());
        }
        return confirmed;
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the backplane is closed");
    }

    /** False if the loop has ended: then nothing runs there any more, and this thread may look after what is left. */
    private boolean pass(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException _ended) {
            return false;
        }
    }

    @Override
    public void unsubscribe(Topic topic) {
        Bridge started = bridge;
        if (started != null) {
            pass(() -> started.subscriptions().unsubscribe(topic));
        }
    }

    @Override
    public void publish(List<? extends Outgoing> batch) {
        if (closed.get()) {
            batch.forEach(outgoing -> tally.settle(outgoing, Remote.REFUSED));
            return;
        }
        if (loop.inEventLoop() && !busy) {
            takeLine();
            take(batch);
            flush();
            return;
        }
        // The caller may use its list again when we return.
        line.add(List.copyOf(batch));
        if (taking.compareAndSet(false, true)) {
            boolean passed = pass(() -> {
                takeLine();
                flush();
            });
            if (!passed) {
                takeLine();
            }
        }
    }

    private void takeLine() {
        taking.set(false);
        for (var batch = line.poll(); batch != null; batch = line.poll()) {
            take(batch);
        }
    }

    /** Publications made by those who are being told the outcome of earlier ones wait in line. */
    private void take(List<? extends Outgoing> batch) {
        Bridge started = bridge;
        if (started == null || started.isClosed() || loop.isShutdown()) {
            batch.forEach(outgoing -> tally.settle(outgoing, Remote.REFUSED));
            return;
        }
        busy = true;
        try {
            started.publications().publish(batch);
        } finally {
            busy = false;
        }
    }

    private void flush() {
        Bridge started = bridge;
        if (started != null) {
            started.publications().flush();
        }
    }

    @Override
    public boolean echoes(Topic topic) {
        return settings.format().publishes(topic) && !settings.format().carriesOrigin();
    }

    @Override
    public boolean isUp() {
        Bridge started = bridge;
        return started != null && !closed.get() && started.isUp();
    }

    @Override
    public boolean isUp(Topic topic) {
        Bridge started = bridge;
        return started != null
                && !closed.get()
                && started.isUp(topic, settings.format().publishes(topic));
    }

    @Override
    public List<LinkState> links() {
        Bridge started = bridge;
        return started == null || closed.get() ? List.of() : started.linkStates();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Bridge started = bridge;
        if (loop.inEventLoop() || !pass(() -> end(started))) {
            end(started);
        }
    }

    private void end(@Nullable Bridge started) {
        if (started != null) {
            started.close();
        }
        takeLine();
        redisLoop.release().run();
    }

    @Override
    public String toString() {
        return "RedisBackplane(" + settings.cluster() + ")";
    }
}
