package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Spool;
import io.switchboard.backplane.Tally;
import io.switchboard.backplane.Verdicts;
import io.switchboard.backplane.WireFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where publications are on their way out: in line for the thread that sends; being sent, one batch at a time; or,
 * while the link is down, in the spool if they are native. Whoever is told the outcome is told outside of the lock,
 * and may publish again.
 */
final class Publications {
    /** What an envelope and the objects around a message take, roughly. */
    private static final int OVERHEAD_BYTES = 256;

    private record Waiting(Outgoing outgoing, int bytes, long at) {}

    /** What is to be sent next. */
    record Batch(Link link, List<Outgoing> outgoing) {}

    private final WireFormat format;
    private final Tally tally;
    private final RareLog log;
    private final LongSupplier clock;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Verdicts verdicts;
    private final Deque<Waiting> line = new ArrayDeque<>();
    /** The batch that the sending thread has, and those of it that are on their way to the broker or back. */
    private final Set<Outgoing> sending = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<Outgoing> begun = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Outgoing> batch = List.of();
    private final Spool spool;
    private @Nullable Link link;
    private long lineBytes;
    private boolean up;
    private boolean closed;

    Publications(Settings settings, Tally tally, RareLog log, LongSupplier clock) {
        this.format = settings.format();
        this.tally = tally;
        this.log = log;
        this.clock = clock;
        this.verdicts = new Verdicts(tally);
        this.spool =
                new Spool(settings.spoolBytes(), settings.spoolTime().toMillis(), this::verdict, tally.spoolBytes::set);
    }

    private void verdict(Outgoing outgoing, Remote remote) {
        verdicts.add(outgoing, remote);
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            tally.pending.set(sending.size());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        verdicts.tell();
    }

    void publish(List<? extends Outgoing> batch) {
        locked(() -> {
            long now = clock.getAsLong();
            batch.forEach(outgoing -> take(outgoing, now));
        });
    }

    private static int size(Outgoing outgoing) {
        return outgoing.publication().message().length() + OVERHEAD_BYTES;
    }

    private void take(Outgoing outgoing, long now) {
        int bytes = size(outgoing);
        if (closed) {
            verdict(outgoing, Remote.REFUSED);
        } else if (bytes > Bounds.PAYLOAD_BYTES) {
            log.warn("size", "a publication of " + bytes + " bytes is more than RocketMQ takes: refused", now);
            verdict(outgoing, Remote.REFUSED);
        } else if (!up) {
            waitForLink(outgoing, now);
        } else if (line.size() >= Bounds.LINE_COUNT || lineBytes + bytes > Bounds.LINE_BYTES) {
            log.warn("room", "RocketMQ answers too slowly: publications are refused", now);
            verdict(outgoing, Remote.REFUSED);
        } else {
            line.add(new Waiting(outgoing, bytes, now));
            lineBytes += bytes;
        }
    }

    private void waitForLink(Outgoing outgoing, long now) {
        if (format.publishes(outgoing.publication().topic())) {
            verdict(outgoing, Remote.REFUSED);
        } else {
            spool.add(outgoing, now);
        }
    }

    void raise(Link to) {
        locked(() -> {
            link = to;
            up = true;
        });
    }

    /** The link does not work for the time being: what has not been sent waits, or is refused. */
    void lower() {
        locked(() -> {
            up = false;
            link = null;
            long now = clock.getAsLong();
            // In their order, before those that come now: a published one is delivered here as soon as it is refused.
            for (Outgoing outgoing : batch) {
                if (!begun.contains(outgoing) && sending.remove(outgoing)) {
                    waitForLink(outgoing, now);
                }
            }
            line.forEach(waiting -> waitForLink(waiting.outgoing, now));
            line.clear();
            lineBytes = 0;
        });
    }

    /** Nothing more over this link until it is raised again; what has not been sent waits. */
    void doubt(Link failing) {
        locked(() -> {
            if (failing.equals(link)) {
                link = null;
            }
        });
    }

    /** Waits for something to send; null when closed. Only for the thread that sends. */
    @Nullable
    Batch awaitBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Link to = link;
                if (to != null && up && (!spool.isEmpty() || !line.isEmpty())) {
                    return new Batch(to, poll());
                }
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private List<Outgoing> poll() {
        batch = new ArrayList<>();
        begun.clear();
        int bytes = 0;
        while (batch.size() < Bounds.BATCH_COUNT && !(spool.isEmpty() && line.isEmpty())) {
            Outgoing outgoing;
            if (!spool.isEmpty()) {
                outgoing = spool.poll();
            } else {
                Waiting first = line.element();
                if (!batch.isEmpty() && bytes + first.bytes > Bounds.BATCH_BYTES) {
                    break;
                }
                line.remove();
                lineBytes -= first.bytes;
                outgoing = first.outgoing;
            }
            batch.add(outgoing);
            bytes += size(outgoing);
            if (bytes >= Bounds.BATCH_BYTES) {
                break;
            }
        }
        sending.addAll(batch);
        tally.pending.set(sending.size());
        return List.copyOf(batch);
    }

    /** These go to the broker now; false if they are not to be sent any more. */
    boolean begin(List<Outgoing> part) {
        lock.lock();
        try {
            begun.addAll(part);
            return sending.containsAll(part);
        } finally {
            lock.unlock();
        }
    }

    /** The broker has spoken, or not; unless they were settled by the end of all. */
    void settled(List<Outgoing> sent, Remote remote) {
        locked(() -> sent.forEach(outgoing -> {
            if (sending.remove(outgoing)) {
                verdict(outgoing, remote);
            }
        }));
    }

    /** These were certainly not sent: they are the oldest of all that wait, or are refused. */
    void putBack(List<Outgoing> unsent) {
        locked(() -> {
            var kept = new ArrayList<Outgoing>();
            for (Outgoing outgoing : unsent) {
                if (!sending.remove(outgoing)) {
                    continue;
                }
                if (closed || format.publishes(outgoing.publication().topic())) {
                    // Refused it would be delivered here; later ones have been since the link went down.
                    verdict(outgoing, up || closed ? Remote.REFUSED : Remote.UNKNOWN);
                } else {
                    kept.add(outgoing);
                }
            }
            spool.putBack(kept, clock.getAsLong());
        });
    }

    /** One that has no form in its format. */
    void refuse(Outgoing outgoing, String why) {
        log.warn("form", why, clock.getAsLong());
        settled(List.of(outgoing), Remote.REFUSED);
    }

    /** Lets a broker that is busy have some peace; gives whether it is worth asking again. */
    boolean pause(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            while (nanos > 0 && !closed) {
                nanos = changed.awaitNanos(nanos);
            }
            return !closed && up;
        } finally {
            lock.unlock();
        }
    }

    void tick() {
        locked(() -> {
            long now = clock.getAsLong();
            spool.expire(now);
            while (!line.isEmpty() && line.peek().at < now - Bounds.LINE_MILLIS) {
                Waiting late = line.remove();
                lineBytes -= late.bytes;
                verdict(late.outgoing, Remote.REFUSED);
            }
        });
    }

    void close() {
        locked(() -> {
            closed = true;
            link = null;
            up = false;
            sending.forEach(outgoing -> verdict(outgoing, Remote.UNKNOWN));
            sending.clear();
            line.forEach(waiting -> verdict(waiting.outgoing, Remote.REFUSED));
            line.clear();
            spool.refuseAll();
        });
    }
}
