package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Backoff;
import io.switchboard.backplane.RareLog;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The one thread that connects, declares and binds, again and again until closed. It alone waits for such answers. */
final class Linker implements Runnable {
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final long HELD_MILLIS = 200;

    private final Dialer dialer;
    private final Names names;
    private final Interest interest;
    private final Link.Owner owner;
    private final Consumer<Link> linked;
    private final ExecutorService deliveries;
    private final RareLog log;
    private final LongSupplier clock;
    private final int expiresMillis;
    private final Backoff backoff = new Backoff();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean awake;
    private boolean closed;

    Linker(
            Dialer dialer,
            Names names,
            Interest interest,
            Link.Owner owner,
            Consumer<Link> linked,
            ExecutorService deliveries,
            RareLog log,
            LongSupplier clock,
            int expiresMillis) {
        this.dialer = dialer;
        this.names = names;
        this.interest = interest;
        this.owner = owner;
        this.linked = linked;
        this.deliveries = deliveries;
        this.log = log;
        this.clock = clock;
        this.expiresMillis = expiresMillis;
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
                long pause = live();
                pause(pause, false);
            }
        } catch (InterruptedException _closed) {
            Thread.currentThread().interrupt();
        } finally {
            deliveries.shutdown();
        }
    }

    /** One life of a link; gives how long to wait before the next. */
    private long live() throws InterruptedException {
        Link link;
        try {
            link = Link.open(dialer, names, owner, deliveries, expiresMillis);
        } catch (Link.StillHeldException e) {
            log.warn("held", dialer + ": " + e.getMessage() + ", trying again", clock.getAsLong());
            return HELD_MILLIS;
        } catch (IOException | TimeoutException | RuntimeException e) {
            return failed(Failures.explain(e), Failures.isHopeless(e));
        }
        try {
            serve(link);
        } catch (IOException | TimeoutException | RuntimeException e) {
            link.die(e);
        }
        if (isClosed()) {
            link.leave();
            return 0;
        }
        link.cut();
        interest.doubtAll();
        return failed(link.why(), link.isHopeless());
    }

    private long failed(String why, boolean hopeless) {
        if (!isClosed()) {
            log.warn("lost", dialer + " is not linked, trying again: " + why, clock.getAsLong());
        }
        return backoff.next(hopeless);
    }

    private void serve(Link link) throws IOException, TimeoutException, InterruptedException {
        boolean told = false;
        while (link.isAlive() && !isClosed()) {
            Interest.Round round = interest.next();
            if (!round.isEmpty()) {
                perform(link, round);
            }
            if (!told && interest.isInForce()) {
                told = true;
                log.info(dialer + " is linked");
                backoff.reset();
                linked.accept(link);
            }
            if (round.isEmpty()) {
                pause(LOOK_AGAIN_MILLIS, true);
            }
        }
    }

    private void perform(Link link, Interest.Round round) throws IOException, TimeoutException {
        boolean done = false;
        try {
            link.perform(round);
            interest.done(round);
            done = true;
        } finally {
            if (!done) {
                interest.notRemoved(round);
            }
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
