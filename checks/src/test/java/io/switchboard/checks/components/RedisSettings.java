package io.switchboard.checks.components;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a Redis is to be started; plain unless said otherwise. */
public record RedisSettings(Optional<String> password, Optional<Certificates> tls, List<String> options) {
    public RedisSettings {
        options = List.copyOf(options);
    }

    public static RedisSettings plain() {
        return new RedisSettings(Optional.empty(), Optional.empty(), List.of());
    }

    public RedisSettings withPassword(String secret) {
        return new RedisSettings(Optional.of(secret), tls, options);
    }

    /** TLS only: the plain port is closed. */
    public RedisSettings withTls(Certificates certificates) {
        return new RedisSettings(password, Optional.of(certificates), options);
    }

    /** Further options of the command line, such as {@code "--maxclients", "100"}. */
    public RedisSettings with(String... more) {
        var all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new RedisSettings(password, tls, all);
    }

    List<String> commandLine(int port) {
        var line = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        if (tls.isPresent()) {
            var certificates = tls.get();
            line.addAll(List.of("--port", "0", "--tls-port", Integer.toString(port), "--tls-auth-clients", "no"));
            line.addAll(List.of("--tls-cert-file", certificates.certificate().toString()));
            line.addAll(List.of("--tls-key-file", certificates.key().toString()));
            line.addAll(List.of("--tls-ca-cert-file", certificates.certificate().toString()));
        } else {
            line.addAll(List.of("--port", Integer.toString(port)));
        }
        password.ifPresent(secret -> line.addAll(List.of("--requirepass", secret, "--masterauth", secret)));
        line.addAll(options);
        return line;
    }
}
