package io.switchboard.backplane;

import io.switchboard.metrics.Meters;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** Counts what happens, and settles publications so that none is settled uncounted. */
public final class Tally {
    private final RareLog log;
    private final Meters meters;
    private final Set<Address> watched = new HashSet<>();
    private final LongAdder accepted;
    private final LongAdder refused;
    private final LongAdder unknown;
    public final LongAdder received;
    public final LongAdder garbage;
    public final LongAdder repeats;
    public final LongAdder unsupported;
    public final LongAdder reconnects;
    public final AtomicLong pending = new AtomicLong();
    public final AtomicLong spoolBytes = new AtomicLong();

    public Tally(Meters meters, RareLog log, BooleanSupplier up) {
        this.log = log;
        this.meters = meters;
        accepted = published(meters, "accepted");
        refused = published(meters, "refused");
        unknown = published(meters, "unknown");
        received = meters.counter("switchboard.backplane.received", "Publications heard from other nodes.");
        garbage = meters.counter("switchboard.backplane.garbage", "What was heard on a channel and makes no sense.");
        repeats = meters.counter("switchboard.backplane.repeats", "Publications heard again and dropped.");
        unsupported = meters.counter(
                "switchboard.backplane.unsupported", "Publications that need a later version of this node.");
        reconnects = meters.counter("switchboard.backplane.reconnects", "Links that came up again.");
        meters.gauge("switchboard.backplane.up", "1 while the broker answers.", () -> up.getAsBoolean() ? 1 : 0);
        meters.gauge("switchboard.backplane.pending", "Publications that await the broker's answer.", pending::get);
        meters.gauge(
                "switchboard.backplane.spool.bytes", "Bytes that wait for the link to come back.", spoolBytes::get);
    }

    /** One server among several; once for each. */
    public void watch(Address server, BooleanSupplier up) {
        if (watched.add(server)) {
            meters.gauge(
                    "switchboard.backplane.link.up",
                    "1 while this server of the broker answers.",
                    () -> up.getAsBoolean() ? 1 : 0,
                    "server",
                    server.toString());
        }
    }

    private static LongAdder published(Meters meters, String outcome) {
        return meters.counter(
                "switchboard.backplane.published", "Publications to other nodes by outcome.", "outcome", outcome);
    }

    public void settle(Outgoing outgoing, Remote remote) {
        switch (remote) {
            case ACCEPTED -> accepted.increment();
            case REFUSED -> refused.increment();
            case UNKNOWN -> unknown.increment();
        }
        try {
            outgoing.settled(remote);
        } catch (RuntimeException e) {
            log.bug("a publisher failed when told that its publication was " + remote, e);
        }
    }
}
