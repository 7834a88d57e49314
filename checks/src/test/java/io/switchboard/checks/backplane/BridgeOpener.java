package io.switchboard.checks.backplane;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;
import io.switchboard.backplane.WireFormat;
import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens backplanes on a broker as a node's wiring does, by the service of that type. */
record BridgeOpener(
        String type,
        String uri,
        WireFormat format,
        List<Loop> loops,
        Map<String, String> options,
        long spoolBytes,
        Duration spoolTime) {
    static BridgeOpener redis(String uri) {
        return of("redis", uri);
    }

    static BridgeOpener rabbitmq(String uri) {
        return of("rabbitmq", uri);
    }

    private static BridgeOpener of(String type, String uri) {
        return new BridgeOpener(type, uri, WireFormat.envelope(), List.of(), Map.of(), 1 << 20, Duration.ofSeconds(10));
    }

    BridgeOpener on(List<Loop> others) {
        return new BridgeOpener(type, uri, format, others, options, spoolBytes, spoolTime);
    }

    BridgeOpener with(WireFormat other) {
        return new BridgeOpener(type, uri, other, loops, options, spoolBytes, spoolTime);
    }

    BridgeOpener with(Map<String, String> others) {
        return new BridgeOpener(type, uri, format, loops, others, spoolBytes, spoolTime);
    }

    BridgeOpener spooling(long bytes, Duration time) {
        return new BridgeOpener(type, uri, format, loops, options, bytes, time);
    }

    Backplane open(String cluster, Origin self, Meters meters) {
        return ServiceLoader.load(BackplaneProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals(type))
                .findFirst()
                .orElseThrow()
                .open(new BackplaneProvider.Settings(
                        uri, cluster, self, format, loops, meters, spoolBytes, spoolTime, options));
    }
}
