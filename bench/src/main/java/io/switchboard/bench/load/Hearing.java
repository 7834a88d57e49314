package io.switchboard.bench.load;

import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.measure.Ledger;
import io.switchboard.bench.wire.Stamp;
import java.util.concurrent.atomic.AtomicLongArray;

/** Finds the stamps in what comes, keeps the ledger and the clock. This is the hot path: no object per message. */
final class Hearing {
    private final Run run;
    private final Crew crew;
    private final int size;
    private final Ledger ledger;
    /** Deliveries per publisher, which the worker that owns the publisher reads to keep its window. */
    private final AtomicLongArray perPublisher;

    private final boolean open;
    private Slice slice;
    private long measuredFrom;
    private int hint;
    private long misrouted;
    private long garbled;
    private long foreign;
    private long unstamped;

    Hearing(Run run, boolean open) {
        this.run = run;
        this.open = open;
        crew = run.crew();
        size = run.plan().size();
        ledger = new Ledger(crew.pairs());
        perPublisher = new AtomicLongArray(crew.publishers());
        slice = new Slice(run.endpoints().size());
    }

    /** Messages intended earlier are not measured, though they are in the ledger. */
    void measureFrom(long time) {
        measuredFrom = time - run.origin();
    }

    void into(Slice next) {
        slice = next;
    }

    /** Returns how many messages this listener hears for the first time; a frame may hold several. */
    int hear(Member member, byte[] bytes, int from, int to, long now) {
        int fresh = 0;
        int at = Stamp.find(bytes, from, to, hint);
        if (at < 0) {
            unstamped++;
            return 0;
        }
        hint = at - from;
        while (at >= 0) {
            fresh += stamp(member, bytes, at, now);
            at = Stamp.find(bytes, at + size, to, hint);
        }
        return fresh;
    }

    private int stamp(Member member, byte[] bytes, int at, long now) {
        long publisher = Stamp.publisher(bytes, at);
        long number = Stamp.number(bytes, at);
        long intended = Stamp.intended(bytes, at);
        long lag = Stamp.lag(bytes, at);
        if ((publisher | number | intended | lag) < 0) {
            garbled++;
            return 0;
        }
        if (Stamp.run(bytes, at) != run.number()) {
            foreign++;
            return 0;
        }
        int pair = crew.pair(member, publisher);
        if (pair < 0) {
            misrouted++;
            return 0;
        }
        if (!ledger.hear(pair, number)) {
            return 0;
        }
        perPublisher.setOpaque((int) publisher, perPublisher.getPlain((int) publisher) + 1);
        if (intended >= measuredFrom) {
            long late = now - run.origin() - intended;
            slice.delivered++;
            slice.lastHeard = now;
            Latency.record(slice.latency.get(member.server), late);
            if (open) {
                Latency.record(slice.uncorrected, late - lag);
            }
        }
        return 1;
    }

    /** May be asked by other workers. */
    long heardOf(int publisher) {
        return perPublisher.getOpaque(publisher);
    }

    Ledger ledger() {
        return ledger;
    }

    /** Heard by somebody it was not meant for. */
    long misrouted() {
        return misrouted;
    }

    /** Something was at a stamp's place that is no stamp. */
    long garbled() {
        return garbled;
    }

    /** Of another run on the same servers. */
    long foreign() {
        return foreign;
    }

    /** Frames that are the protocol's own, such as answers and notices. */
    long unstamped() {
        return unstamped;
    }
}
