package io.switchboard.transport;

import io.switchboard.hub.Limits;
import java.util.List;
import java.util.Optional;

/**
 * How a server is open to the world.
 *
 * @param host name or address to listen on
 * @param port 0 takes a free one
 * @param limits the hub's
 * @param origins of pages that may connect, as {@code https://*.example.com}; {@code *} for all
 * @param originRequired whether requests without an origin are refused
 * @param tls if connections are encrypted here
 */
public record ServerSettings(
        String host, int port, Limits limits, List<String> origins, boolean originRequired, Optional<Tls> tls) {

    public ServerSettings {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("node.port " + port + " is not in 0..65535");
        }
        origins = List.copyOf(origins);
    }

    /** Any origin, no TLS, the default limits. */
    public static ServerSettings on(String host, int port) {
        return new ServerSettings(host, port, Limits.DEFAULT, List.of("*"), false, Optional.empty());
    }

    public ServerSettings withLimits(Limits other) {
        return new ServerSettings(host, port, other, origins, originRequired, tls);
    }

    public ServerSettings withOrigins(List<String> permitted, boolean required) {
        return new ServerSettings(host, port, limits, permitted, required, tls);
    }

    public ServerSettings withTls(Tls files) {
        return new ServerSettings(host, port, limits, origins, originRequired, Optional.of(files));
    }
}
