package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Backoff;
import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.RareLog;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** The one thread that connects and listens, again and again until closed. It alone waits for such answers. */
final class Linker implements Runnable {
    private static final long LOOK_AGAIN_MILLIS = 30_000;

    private final RocketTarget target;
    private final Settings settings;
    private final Names names;
    private final Interest interest;
    private final PublishedPlace nativePlace;
    private final Inbound inbound;
    private final Consumer<Link> linked;
    private final Consumer<Link> lost;
    private final RareLog log;
    private final LongSupplier clock;
    private final Backoff backoff = new Backoff();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Map<MessageQueue, Long> positions = Map.of();
    private long positionsAt;
    private boolean awake;
    private boolean closed;
    private int lives;

    Linker(
            RocketTarget target,
            Settings settings,
            Names names,
            PublishedPlace nativePlace,
            Interest interest,
            Inbound inbound,
            Consumer<Link> linked,
            Consumer<Link> lost,
            RareLog log,
            LongSupplier clock) {
        this.target = target;
        this.settings = settings;
        this.names = names;
        this.nativePlace = nativePlace;
        this.interest = interest;
        this.inbound = inbound;
        this.linked = linked;
        this.lost = lost;
        this.log = log;
        this.clock = clock;
    }

    /** There is something to do, or the link has died. From any thread. */
    void wake() {
        lock.lock();
        try {
            awake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (!isClosed()) {
                pause(live(), false);
            }
        } catch (InterruptedException _closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** One life of a link; gives how long to wait before the next. */
    private long live() throws InterruptedException {
        @Nullable Link link = null;
        try {
            link = Link.open(target, settings, names, ++lives, before(), inbound, this::wake);
            interest.opened(nativePlace);
            serve(link);
        } catch (MQClientException | RuntimeException e) {
            if (link == null) {
                return failed(Failures.explain(e));
            }
            link.die(Failures.explain(e));
        } finally {
            if (link != null) {
                interest.forgetPlaces();
                positions = link.end();
                positionsAt = Math.max(positionsAt, link.heardAt());
                link.close();
            }
        }
        lost.accept(link);
        return failed(link.why());
    }

    /** A short cut is bridged; after a long one nobody is told what is old. */
    private Map<MessageQueue, Long> before() {
        return clock.getAsLong() - positionsAt <= Bounds.BRIDGED_MILLIS ? positions : Map.of();
    }

    private long failed(String why) {
        if (!isClosed()) {
            log.warn("lost", target + " is not linked, trying again: " + why, clock.getAsLong());
        }
        return backoff.next(false);
    }

    private void serve(Link link) throws MQClientException, InterruptedException {
        boolean told = false;
        while (link.isAlive() && !isClosed()) {
            var place = interest.toOpen();
            if (place.isPresent()) {
                link.listen(place.get());
                interest.opened(place.get());
                continue;
            }
            if (!told) {
                told = true;
                log.info(target + " is linked");
                backoff.reset();
                linked.accept(link);
            } else {
                refresh(link);
            }
            pause(LOOK_AGAIN_MILLIS, true);
        }
    }

    private void refresh(Link link) {
        try {
            link.refresh();
        } catch (MQClientException _away) {
            // What is there goes on.
        }
    }

    /** @param wakeable whether work ends it as well */
    private void pause(long millis, boolean wakeable) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (nanos > 0 && !closed && !(wakeable && awake)) {
                nanos = changed.awaitNanos(nanos);
            }
            awake = false;
        } finally {
            lock.unlock();
        }
    }
}
