package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Spool;
import io.switchboard.backplane.Tally;
import io.switchboard.backplane.WireFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where publications are on their way out: in line for the thread that writes; written and not yet confirmed (the
 * window); or, while the link is down, in the spool if they are native. Whoever is told the outcome is told outside of
 * the lock, and may publish again.
 */
final class Publications {
    /** What an envelope and the objects around a message take, roughly. */
    private static final int OVERHEAD_BYTES = 256;

    private record Waiting(Outgoing outgoing, int bytes, long at) {}

    private record Verdict(Outgoing outgoing, Remote remote) {}

    /** What is to be written next. */
    record Batch(Link link, long ping, List<Outgoing> outgoing) {}

    private final WireFormat format;
    private final Tally tally;
    private final RareLog log;
    private final LongSupplier clock;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Deque<Waiting> line = new ArrayDeque<>();
    private final Spool spool;
    private Window window = new Window();
    private @Nullable Link link;
    private long lineBytes;
    private long ping;
    private boolean up;
    private boolean closed;

    Publications(Settings settings, Tally tally, RareLog log, LongSupplier clock) {
        this.format = settings.format();
        this.tally = tally;
        this.log = log;
        this.clock = clock;
        this.spool =
                new Spool(settings.spoolBytes(), settings.spoolTime().toMillis(), this::verdict, tally.spoolBytes::set);
    }

    private void verdict(Outgoing outgoing, Remote remote) {
        verdicts.add(new Verdict(outgoing, remote));
    }

    private void locked(Runnable change) {
        List<Verdict> told;
        lock.lock();
        try {
            change.run();
            changed.signalAll();
            told = List.copyOf(verdicts);
            verdicts.clear();
        } finally {
            lock.unlock();
        }
        told.forEach(verdict -> tally.settle(verdict.outgoing, verdict.remote));
    }

    void publish(List<? extends Outgoing> batch) {
        locked(() -> {
            long now = clock.getAsLong();
            batch.forEach(outgoing -> take(outgoing, now));
        });
    }

    private void take(Outgoing outgoing, long now) {
        int bytes = outgoing.publication().message().length() + OVERHEAD_BYTES;
        if (bytes > Bounds.PAYLOAD_BYTES) {
            log.warn("size", "a publication of " + bytes + " bytes would be skipped by its receivers: refused", now);
            verdict(outgoing, Remote.REFUSED);
        } else if (closed) {
            verdict(outgoing, Remote.REFUSED);
        } else if (!up) {
            wait(outgoing, now);
        } else if (line.size() >= Bounds.LINE_COUNT || lineBytes + bytes > Bounds.LINE_BYTES) {
            log.warn("room", "RabbitMQ confirms too slowly: publications are refused", now);
            verdict(outgoing, Remote.REFUSED);
        } else {
            line.add(new Waiting(outgoing, bytes, now));
            lineBytes += bytes;
        }
    }

    private void wait(Outgoing outgoing, long now) {
        if (format.publishes(outgoing.publication().topic())) {
            verdict(outgoing, Remote.REFUSED);
        } else {
            spool.add(outgoing, now);
        }
    }

    /** A connection is there; only pings go over it until it has proven itself. */
    void linked(Link fresh) {
        locked(() -> {
            link = fresh;
            window = new Window();
            ping = 0;
        });
    }

    void unlinked(Link gone) {
        locked(() -> {
            if (gone.equals(link)) {
                link = null;
                lowered();
                window.expire(Long.MAX_VALUE, outgoing -> verdict(outgoing, Remote.UNKNOWN));
                window = new Window();
            }
        });
    }

    void raise() {
        locked(() -> up = true);
    }

    /** The link does not work for the time being: what has not been written waits, or is refused. */
    void lower() {
        locked(this::lowered);
    }

    private void lowered() {
        up = false;
        long now = clock.getAsLong();
        line.forEach(waiting -> wait(waiting.outgoing, now));
        line.clear();
        lineBytes = 0;
    }

    /** Has this number written before anything else. */
    void ping(long number) {
        locked(() -> ping = number);
    }

    /** Waits for something to write; null when closed. Only for the thread that writes. */
    @Nullable
    Batch awaitBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Link to = link;
                if (to != null && (ping != 0 || canWrite())) {
                    long number = ping;
                    ping = 0;
                    return new Batch(to, number, canWrite() ? poll() : List.of());
                }
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean canWrite() {
        return up && window.hasRoom() && (!spool.isEmpty() || !line.isEmpty());
    }

    private List<Outgoing> poll() {
        var batch = new ArrayList<Outgoing>();
        int bytes = 0;
        while (batch.size() < Bounds.BATCH_COUNT && bytes < Bounds.BATCH_BYTES) {
            Outgoing outgoing;
            if (!spool.isEmpty()) {
                outgoing = spool.poll();
            } else if (!line.isEmpty()) {
                Waiting first = line.remove();
                lineBytes -= first.bytes;
                outgoing = first.outgoing;
            } else {
                break;
            }
            bytes += outgoing.publication().message().length();
            batch.add(outgoing);
        }
        return batch;
    }

    /**
     * Announces what is about to be written, and gives the number of the first; 0 if the connection is gone: then all
     * wait again, or are refused.
     */
    long writing(Link to, List<Post> posts) {
        var first = new long[1];
        locked(() -> {
            if (!to.equals(link)) {
                putBack(posts.stream()
                        .flatMap(post -> Stream.ofNullable(post.outgoing()))
                        .toList());
                return;
            }
            long now = clock.getAsLong();
            for (Post post : posts) {
                long number = window.add(post.outgoing(), post.body().remaining(), now);
                first[0] = first[0] == 0 ? number : first[0];
            }
            tally.pending.set(window.count());
        });
        return first[0];
    }

    /** From this number on nothing was written after all. */
    void unwritten(Link to, long number) {
        locked(() -> {
            if (to.equals(link)) {
                putBack(window.withdraw(number));
            }
        });
    }

    private void putBack(List<Outgoing> unwritten) {
        var kept = new ArrayList<Outgoing>();
        for (Outgoing outgoing : unwritten) {
            if (closed || format.publishes(outgoing.publication().topic())) {
                verdict(outgoing, Remote.REFUSED);
            } else {
                kept.add(outgoing);
            }
        }
        spool.putBack(kept, clock.getAsLong());
    }

    /** One that has no form in its format. */
    void refuse(Outgoing outgoing, String why) {
        log.warn("form", why, clock.getAsLong());
        tally.settle(outgoing, Remote.REFUSED);
    }

    void confirmed(Link by, long number, boolean multiple, Remote remote) {
        locked(() -> {
            if (by.equals(link)) {
                window.confirmed(number, multiple, outgoing -> verdict(outgoing, remote));
                tally.pending.set(window.count());
            }
        });
    }

    void tick() {
        locked(() -> {
            long now = clock.getAsLong();
            spool.expire(now);
            window.expire(now - Bounds.CONFIRM_MILLIS, outgoing -> verdict(outgoing, Remote.UNKNOWN));
            while (!line.isEmpty() && line.peek().at < now - Bounds.LINE_MILLIS) {
                Waiting late = line.remove();
                lineBytes -= late.bytes;
                verdict(late.outgoing, Remote.REFUSED);
            }
            tally.pending.set(window.count());
        });
    }

    void close() {
        locked(() -> {
            closed = true;
            link = null;
            up = false;
            window.expire(Long.MAX_VALUE, outgoing -> verdict(outgoing, Remote.UNKNOWN));
            line.forEach(waiting -> verdict(waiting.outgoing, Remote.REFUSED));
            line.clear();
            spool.refuseAll();
            tally.pending.set(0);
        });
    }
}
