package io.switchboard.checks.log;

import io.switchboard.log.Log;
import io.switchboard.log.LogProvider;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens logs on Redis. */
final class Logs {
    static final String CLUSTER = "contract";

    private Logs() {}

    static Log open(String uri, Origin self) {
        return ServiceLoader.load(LogProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("redis"))
                .findFirst()
                .orElseThrow()
                .open(new LogProvider.Settings(uri, CLUSTER, self, List.of(), new Meters(), Map.of()));
    }
}
