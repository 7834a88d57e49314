package io.switchboard.hub;

import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Namespace;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of sessions that do not keep up. */
final class SlowMeters {
    final LongAdder closed;
    final LongAdder episodes;
    final LongAdder slowedPublishers;
    final LongAdder gapsTold;
    final LongAdder gapsUntold;

    /** Sessions pressed now, and what waits for them beside their outlets. */
    final LongAdder pressed = new LongAdder();

    final LongAdder backlogBytes = new LongAdder();
    private final Map<Namespace.Slow, LongAdder> dropped = new EnumMap<>(Namespace.Slow.class);

    SlowMeters(Meters meters) {
        closed = meters.counter("switchboard.closed.slow", "Sessions closed because too much waited for them");
        episodes = meters.counter("switchboard.pressed", "Times a session's outlet was more than half full");
        slowedPublishers = meters.counter(
                "switchboard.publishers.slowed", "Times a session was not read from until its listeners caught up");
        String help = "Publications that a slow session did not get, by the policy of their namespace";
        for (Namespace.Slow policy : Namespace.Slow.values()) {
            dropped.put(
                    policy,
                    meters.counter(
                            "switchboard.dropped", help, "policy", policy.name().toLowerCase(Locale.ROOT)));
        }
        String gaps = "Gaps in a slow session's topics, by whether its protocol has a word for it";
        gapsTold = meters.counter("switchboard.dropped.gaps", gaps, "told", "yes");
        gapsUntold = meters.counter("switchboard.dropped.gaps", gaps, "told", "no");
        meters.gauge("switchboard.sessions.pressed", "Sessions whose outlet was more than half full", pressed::sum);
        meters.gauge("switchboard.backlog.bytes", "Bytes that wait for pressed sessions, unsent", backlogBytes::sum);
    }

    /** Publications that were dropped; those discarded when their session was closed count as disconnect. */
    LongAdder dropped(Namespace.Slow policy) {
        LongAdder adder = dropped.get(policy);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + policy);
        }
        return adder;
    }
}
