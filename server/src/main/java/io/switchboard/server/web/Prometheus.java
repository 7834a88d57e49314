package io.switchboard.server.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchboard.metrics.Meters;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The node's figures and the JVM's as Prometheus text. Set up when somebody first asks, so a start does not wait. */
final class Prometheus implements AutoCloseable {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Meters meters;
    private final Set<Meters.Meter> bound = new HashSet<>();
    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable JvmGcMetrics collections;

    Prometheus(Meters meters) {
        this.meters = meters;
    }

    synchronized String scrape() {
        PrometheusMeterRegistry ready = registry;
        if (ready == null) {
            ready = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            registry = ready;
            bindJvm(ready);
        }
        for (Meters.Meter meter : meters.all()) {
            if (bound.add(meter)) {
                bind(meter, ready);
            }
        }
        return ready.scrape();
    }

    private void bindJvm(PrometheusMeterRegistry ready) {
        var gc = new JvmGcMetrics();
        collections = gc;
        gc.bindTo(ready);
        new JvmMemoryMetrics().bindTo(ready);
        new JvmThreadMetrics().bindTo(ready);
        new ProcessorMetrics().bindTo(ready);
        new FileDescriptorMetrics().bindTo(ready);
        new UptimeMetrics().bindTo(ready);
    }

    private static void bind(Meters.Meter meter, PrometheusMeterRegistry ready) {
        Tags tags = Tags.of(meter.labels().toArray(new String[0]));
        if (meter.counter()) {
            FunctionCounter.builder(meter.name(), meter, m -> m.value().getAsLong())
                    .description(meter.help())
                    .tags(tags)
                    .register(ready);
        } else {
            Gauge.builder(meter.name(), meter, m -> m.value().getAsLong())
                    .description(meter.help())
                    .tags(tags)
                    .strongReference(true)
                    .register(ready);
        }
    }

    @Override
    public synchronized void close() {
        JvmGcMetrics gc = collections;
        if (gc != null) {
            gc.close();
        }
    }
}
