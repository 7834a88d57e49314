package io.switchboard.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The counters and gauges of one node. Counting is safe and cheap from any thread. */
public final class Meters {
    /**
     * One figure.
     *
     * @param name dotted, as {@code switchboard.sessions}
     * @param labels key, value, key, value ...
     */
    public record Meter(String name, String help, List<String> labels, boolean counter, LongSupplier value) {}

    private final List<Meter> meters = new CopyOnWriteArrayList<>();

    /** A new counter; ask once and keep it. */
    public LongAdder counter(String name, String help, String... labels) {
        var adder = new LongAdder();
        meters.add(new Meter(name, help, List.of(labels), true, adder::sum));
        return adder;
    }

    /** A figure that is read when somebody asks, from any thread. */
    public void gauge(String name, String help, LongSupplier value, String... labels) {
        meters.add(new Meter(name, help, List.of(labels), false, value));
    }

    public List<Meter> all() {
        return meters;
    }

    /** The sum of all meters of that name, whatever their labels; 0 if there is none. */
    public long sum(String name) {
        return meters.stream()
                .filter(meter -> meter.name().equals(name))
                .mapToLong(meter -> meter.value().getAsLong())
                .sum();
    }
}
