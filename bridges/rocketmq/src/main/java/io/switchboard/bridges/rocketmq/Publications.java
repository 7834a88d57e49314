package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.backplane.Outbox;
import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Tally;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where publications are on their way out: waiting to be sent; or being sent, one batch at a time. */
final class Publications {
    /** What is to be sent next. */
    record Batch(Link link, List<Outgoing> outgoing) {}

    private final Tally tally;
    private final RareLog log;
    private final LongSupplier clock;
    private final Outbox out;
    /** The batch that the sending thread has, and those of it that are on their way to the broker or back. */
    private final Set<Outgoing> sending = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<Outgoing> begun = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Outgoing> batch = List.of();
    private @Nullable Link link;

    Publications(Settings settings, Tally tally, RareLog log, LongSupplier clock) {
        this.tally = tally;
        this.log = log;
        this.clock = clock;
        this.out = new Outbox("RocketMQ", Bounds.PAYLOAD_BYTES, settings, tally, log, clock);
    }

    void publish(List<? extends Outgoing> fresh) {
        out.publish(fresh);
    }

    void raise(Link to) {
        out.change(() -> {
            link = to;
            out.raise();
        });
    }

    /** The link does not work for the time being: what has not been sent waits, or is refused. */
    void lower() {
        change(() -> {
            link = null;
            // In their order, before those that come now: a published one is delivered here as soon as it is refused.
            for (Outgoing outgoing : batch) {
                if (!begun.contains(outgoing) && sending.remove(outgoing)) {
                    out.defer(outgoing);
                }
            }
            out.lower();
        });
    }

    private void change(Runnable change) {
        out.change(() -> {
            change.run();
            tally.pending.set(sending.size());
        });
    }

    /** Nothing more over this link until it is raised again; what has not been sent waits. */
    void doubt(Link failing) {
        out.change(() -> {
            if (failing.equals(link)) {
                link = null;
            }
        });
    }

    /** Waits for something to send; null when closed. Only for the thread that sends. */
    @Nullable
    Batch awaitBatch() throws InterruptedException {
        return out.await(this::next);
    }

    private @Nullable Batch next() {
        Link to = link;
        if (to == null || !out.isReady()) {
            return null;
        }
        batch = out.poll(Bounds.BATCH_BYTES);
        begun.clear();
        sending.addAll(batch);
        tally.pending.set(sending.size());
        return new Batch(to, batch);
    }

    /** These go to the broker now; false if they are not to be sent any more. */
    boolean begin(List<Outgoing> part) {
        return out.decide(() -> {
            begun.addAll(part);
            return sending.containsAll(part);
        });
    }

    /** The broker has spoken, or not; unless they were settled by the end of all. */
    void settled(List<Outgoing> sent, Remote remote) {
        change(() -> sent.stream().filter(sending::remove).forEach(outgoing -> out.settle(outgoing, remote)));
    }

    /** These were certainly not sent: they are the oldest of all that wait, or are refused. */
    void putBack(List<Outgoing> unsent) {
        // Refused it would be delivered here; later ones have been since the link went down.
        change(() -> out.putBack(
                unsent.stream().filter(sending::remove).toList(),
                out.isUp() || out.isClosed() ? Remote.REFUSED : Remote.UNKNOWN));
    }

    /** One that has no form in its format. */
    void refuse(Outgoing outgoing, String why) {
        log.warn("form", why, clock.getAsLong());
        settled(List.of(outgoing), Remote.REFUSED);
    }

    /** Lets a broker that is busy have some peace; gives whether it is worth asking again. */
    boolean pause(long millis) throws InterruptedException {
        return out.pause(millis);
    }

    void tick() {
        out.change(out::expire);
    }

    void close() {
        change(() -> {
            link = null;
            sending.forEach(outgoing -> out.settle(outgoing, Remote.UNKNOWN));
            sending.clear();
            out.close();
        });
    }
}
