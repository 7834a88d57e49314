package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outbox;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Tally;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where publications are on their way out: waiting to be written; or written and not yet confirmed, in the window. */
final class Publications {
    /** What is to be written next. */
    record Batch(Link link, long ping, List<Outgoing> outgoing) {}

    private final Tally tally;
    private final RareLog log;
    private final LongSupplier clock;
    private final Outbox out;
    private Window window = new Window();
    private @Nullable Link link;
    private long ping;

    Publications(Settings settings, Tally tally, RareLog log, LongSupplier clock) {
        this.tally = tally;
        this.log = log;
        this.clock = clock;
        this.out = new Outbox("RabbitMQ", Bounds.PAYLOAD_BYTES, settings, tally, log, clock);
    }

    void publish(List<? extends Outgoing> batch) {
        out.publish(batch);
    }

    /** A connection is there; only pings go over it until it has proven itself. */
    void linked(Link fresh) {
        out.change(() -> {
            link = fresh;
            window = new Window();
            ping = 0;
        });
    }

    void unlinked(Link gone) {
        out.change(() -> {
            if (gone.equals(link)) {
                link = null;
                out.lower();
                expire(Long.MAX_VALUE);
                window = new Window();
            }
        });
    }

    void raise() {
        out.change(out::raise);
    }

    /** The link does not work for the time being: what has not been written waits, or is refused. */
    void lower() {
        out.change(out::lower);
    }

    /** Has this number written before anything else. */
    void ping(long number) {
        out.change(() -> ping = number);
    }

    /** Waits for something to write; null when closed. Only for the thread that writes. */
    @Nullable
    Batch awaitBatch() throws InterruptedException {
        return out.await(this::next);
    }

    private @Nullable Batch next() {
        Link to = link;
        boolean ready = out.isReady() && window.hasRoom();
        if (to == null || (ping == 0 && !ready)) {
            return null;
        }
        long number = ping;
        ping = 0;
        return new Batch(to, number, ready ? out.poll(Bounds.BATCH_BYTES) : List.of());
    }

    /**
     * Announces what is about to be written, and gives the number of the first; 0 if the connection is gone: then all
     * wait again, or are refused.
     */
    long writing(Link to, List<Post> posts) {
        return out.decide(() -> {
            if (!to.equals(link)) {
                putBack(posts.stream()
                        .flatMap(post -> Stream.ofNullable(post.outgoing()))
                        .toList());
                return 0L;
            }
            long now = clock.getAsLong();
            long first = 0;
            for (Post post : posts) {
                long number = window.add(post.outgoing(), post.body().remaining(), now);
                first = first == 0 ? number : first;
            }
            tally.pending.set(window.count());
            return first;
        });
    }

    /** From this number on nothing was written after all. */
    void unwritten(Link to, long number) {
        out.change(() -> {
            if (to.equals(link)) {
                putBack(window.withdraw(number));
            }
        });
    }

    private void putBack(List<Outgoing> unwritten) {
        out.putBack(unwritten, Remote.REFUSED);
    }

    /** One that has no form in its format. */
    void refuse(Outgoing outgoing, String why) {
        log.warn("form", why, clock.getAsLong());
        tally.settle(outgoing, Remote.REFUSED);
    }

    void confirmed(Link by, long number, boolean multiple, Remote remote) {
        out.change(() -> {
            if (by.equals(link)) {
                window.confirmed(number, multiple, outgoing -> out.settle(outgoing, remote));
                tally.pending.set(window.count());
            }
        });
    }

    void tick() {
        out.change(() -> {
            expire(clock.getAsLong() - Bounds.CONFIRM_MILLIS);
            out.expire();
        });
    }

    /** Nobody knows what became of what was written before that time. */
    private void expire(long before) {
        window.expire(before, outgoing -> out.settle(outgoing, Remote.UNKNOWN));
        tally.pending.set(window.count());
    }

    void close() {
        out.change(() -> {
            link = null;
            expire(Long.MAX_VALUE);
            out.close();
        });
    }
}
