package io.switchboard.bench.load;

import io.switchboard.bench.measure.Latency;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What was counted in a stretch of time, by one worker or, added up, by all. One thread at a time. */
final class Slice {
    long sent;
    long expected;
    long delivered;
    long stalls;
    long handshakes;
    /** When the last message was heard, as nanoTime; 0 if none was. */
    long lastHeard;
    /** From the intended time, per server. */
    final List<Histogram> latency = new ArrayList<>();
    /** From the time it was really sent. */
    final Histogram uncorrected = Latency.histogram();

    final Histogram lag = Latency.histogram();
    final Histogram handshake = Latency.histogram();

    Slice(int servers) {
        for (int i = 0; i < servers; i++) {
            latency.add(Latency.histogram());
        }
    }

    void add(Slice other) {
        sent += other.sent;
        expected += other.expected;
        delivered += other.delivered;
        stalls += other.stalls;
        handshakes += other.handshakes;
        lastHeard = Math.max(lastHeard, other.lastHeard);
        for (int i = 0; i < latency.size(); i++) {
            latency.get(i).add(other.latency.get(i));
        }
        uncorrected.add(other.uncorrected);
        lag.add(other.lag);
        handshake.add(other.handshake);
    }

    Histogram allLatency() {
        var all = Latency.histogram();
        latency.forEach(all::add);
        return all;
    }
}
