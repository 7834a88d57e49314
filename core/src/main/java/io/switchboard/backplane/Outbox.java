package io.switchboard.backplane;

import io.switchboard.backplane.BackplaneProvider.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publications that wait for the one thread of a bridge that sends: in line while the link is up; while it is down, in
 * the spool if they are native. What the bridge knows of those on their way is guarded by the same lock, so all but
 * {@link #publish} and what waits is called within {@link #change} or {@link #decide}. Whoever is told an outcome is
 * told outside of the lock, and may publish again.
 */
public final class Outbox {
    /** What an envelope and the objects around a message take, roughly. */
    private static final int OVERHEAD_BYTES = 256;

    private static final int LINE_COUNT = 1 << 17;
    private static final long LINE_BYTES = 64L << 20;
    private static final int LINE_MILLIS = 3_000;
    private static final int BATCH_COUNT = 512;

    private record Waiting(Outgoing outgoing, int bytes, long at) {}

    private final String broker;
    private final int payloadBytes;
    private final WireFormat format;
    private final RareLog log;
    private final LongSupplier clock;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Verdicts verdicts;
    private final Deque<Waiting> line = new ArrayDeque<>();
    private final Spool spool;
    private long lineBytes;
    private boolean up;
    private boolean closed;

    /**
     * @param broker for the log, as {@code RabbitMQ}
     * @param payloadBytes of one publication; a larger one is refused
     */
    public Outbox(String broker, int payloadBytes, Settings settings, Tally tally, RareLog log, LongSupplier clock) {
        this.broker = broker;
        this.payloadBytes = payloadBytes;
        this.format = settings.format();
        this.verdicts = new Verdicts(tally);
        this.log = log;
        this.clock = clock;
        this.spool =
                new Spool(settings.spoolBytes(), settings.spoolTime().toMillis(), this::settle, tally.spoolBytes::set);
    }

    /** Does this under the lock, wakes the thread that sends, and tells what was settled meanwhile. */
    public void change(Runnable change) {
        decide(() -> {
            change.run();
            return true;
        });
    }

    /** As {@link #change}, and gives what came of it. */
    public <T> T decide(Supplier<T> decision) {
        T decided;
        lock.lock();
        try {
            decided = decision.get();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        verdicts.tell();
        return decided;
    }

    /** Waits until there is something to send, which the supplier gives, or else null; null when closed. */
    public <T> @Nullable T await(Supplier<@Nullable T> next) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                T found = next.get();
                if (found != null) {
                    return found;
                }
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass; gives whether it is worth sending then. */
    public boolean pause(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            while (nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
            return up;
        } finally {
            lock.unlock();
        }
    }

    public void publish(List<? extends Outgoing> batch) {
        change(() -> {
            long now = clock.getAsLong();
            batch.forEach(outgoing -> take(outgoing, now));
        });
    }

    private void take(Outgoing outgoing, long now) {
        int bytes = outgoing.publication().message().length() + OVERHEAD_BYTES;
        if (closed) {
            settle(outgoing, Remote.REFUSED);
        } else if (bytes > payloadBytes) {
            log.warn("size", "a publication of " + bytes + " bytes is too large for " + broker + ": refused", now);
            settle(outgoing, Remote.REFUSED);
        } else if (!up) {
            defer(outgoing, now);
        } else if (line.size() >= LINE_COUNT || lineBytes + bytes > LINE_BYTES) {
            log.warn("room", broker + " is too slow: publications are refused", now);
            settle(outgoing, Remote.REFUSED);
        } else {
            line.add(new Waiting(outgoing, bytes, now));
            lineBytes += bytes;
        }
    }

    /** It waits for a link if it is native, and else is refused. */
    public void defer(Outgoing outgoing) {
        defer(outgoing, clock.getAsLong());
    }

    private void defer(Outgoing outgoing, long now) {
        if (format.publishes(outgoing.publication().topic())) {
            settle(outgoing, Remote.REFUSED);
        } else {
            spool.add(outgoing, now);
        }
    }

    /** To be told when the lock is free. */
    public void settle(Outgoing outgoing, Remote remote) {
        verdicts.add(outgoing, remote);
    }

    public boolean isUp() {
        return up;
    }

    public boolean isClosed() {
        return closed;
    }

    public void raise() {
        up = true;
    }

    /** The link does not work for the time being: what is in line waits, or is refused. */
    public void lower() {
        up = false;
        line.forEach(waiting -> defer(waiting.outgoing));
        line.clear();
        lineBytes = 0;
    }

    /** Whether something may be sent. */
    public boolean isReady() {
        return up && !(spool.isEmpty() && line.isEmpty());
    }

    /** Takes the oldest, as many as go into one piece; one at least, so only if there is any. */
    public List<Outgoing> poll(int bytesMax) {
        var batch = new ArrayList<Outgoing>();
        int bytes = 0;
        while (batch.size() < BATCH_COUNT && isReady()) {
            Outgoing next = spool.isEmpty() ? line.element().outgoing : spool.peek();
            bytes += next.publication().message().length();
            if (bytes > bytesMax && !batch.isEmpty()) {
                break;
            }
            batch.add(spool.isEmpty() ? leaveLine() : spool.poll());
        }
        return batch;
    }

    private Outgoing leaveLine() {
        Waiting first = line.remove();
        lineBytes -= first.bytes;
        return first.outgoing;
    }

    /**
     * These were taken and certainly not sent: they are the oldest of all that wait.
     *
     * @param otherwise what those are told that may not wait
     */
    public void putBack(List<Outgoing> unsent, Remote otherwise) {
        var kept = new ArrayList<Outgoing>();
        for (Outgoing outgoing : unsent) {
            if (closed || format.publishes(outgoing.publication().topic())) {
                settle(outgoing, otherwise);
            } else {
                kept.add(outgoing);
            }
        }
        spool.putBack(kept, clock.getAsLong());
    }

    /** Refuses what has waited too long. */
    public void expire() {
        long now = clock.getAsLong();
        spool.expire(now);
        while (!line.isEmpty() && line.element().at < now - LINE_MILLIS) {
            settle(leaveLine(), Remote.REFUSED);
        }
    }

    /** Refuses all that waits, and all that comes. */
    public void close() {
        closed = true;
        up = false;
        line.forEach(waiting -> settle(waiting.outgoing, Remote.REFUSED));
        line.clear();
        spool.refuseAll();
    }
}
