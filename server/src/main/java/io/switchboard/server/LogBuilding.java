package io.switchboard.server;

import io.switchboard.log.Log;
import io.switchboard.log.LogProvider;
import io.switchboard.log.MemoryLog;
import io.switchboard.loop.Loop;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.server.config.ServerConfig.LogType;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Makes the log of a node. */
final class LogBuilding {
    private LogBuilding() {}

    /** @param options of the bridge to Redis */
    static Log log(
            ServerConfig config,
            Neighbourhood neighbourhood,
            Origin origin,
            List<Loop> loops,
            Meters meters,
            Map<String, String> options) {
        if (config.log().type() != LogType.REDIS) {
            return new MemoryLog(neighbourhood.histories());
        }
        LogProvider provider = ServiceLoader.load(LogProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.type().equals("redis"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("log.type redis: no such bridge on the class path"));
        return provider.open(new LogProvider.Settings(
                config.log().uri().text(), config.cluster().name(), origin, loops, meters, options));
    }
}
