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

/** Opens Redis backplanes as a node's wiring does, by the service of that type. */
record RedisOpener(
        String uri,
        WireFormat format,
        List<Loop> loops,
        Map<String, String> options,
        long spoolBytes,
        Duration spoolTime) {
    static RedisOpener of(String uri) {
        return new RedisOpener(uri, WireFormat.envelope(), List.of(), Map.of(), 1 << 20, Duration.ofSeconds(10));
    }

    RedisOpener on(List<Loop> others) {
        return new RedisOpener(uri, format, others, options, spoolBytes, spoolTime);
    }

    RedisOpener with(WireFormat other) {
        return new RedisOpener(uri, other, loops, options, spoolBytes, spoolTime);
    }

    RedisOpener with(Map<String, String> others) {
        return new RedisOpener(uri, format, loops, others, spoolBytes, spoolTime);
    }

    RedisOpener spooling(long bytes, Duration time) {
        return new RedisOpener(uri, format, loops, options, bytes, time);
    }

    Backplane open(String cluster, Origin self, Meters meters) {
        return ServiceLoader.load(BackplaneProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("redis"))
                .findFirst()
                .orElseThrow()
                .open(new BackplaneProvider.Settings(
                        uri, cluster, self, format, loops, meters, spoolBytes, spoolTime, options));
    }
}
