package io.switchboard.transport;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The server's certificate and key, from PEM files. Can be read anew while connections are open. */
public final class Tls {
    private final Path certificate;
    private final Path key;
    private final Optional<String> keyPassword;
    private volatile SslContext context;

    /**
     * @param keyPassword if the key is encrypted
     * @throws IllegalArgumentException if the files cannot be read or do not belong together
     */
    public Tls(Path certificate, Path key, Optional<String> keyPassword) {
        this.certificate = certificate;
        this.key = key;
        this.keyPassword = keyPassword;
        this.context = read();
    }

    /**
     * Reads the files again, for connections from now on.
     *
     * @throws IllegalArgumentException if they cannot be used; then the present ones stay
     */
    public void reload() {
        context = read();
    }

    SslContext context() {
        return context;
    }

    private SslContext read() {
        try {
            return SslContextBuilder.forServer(certificate.toFile(), key.toFile(), keyPassword.orElse(null))
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls.certificate " + certificate + " and tls.key " + key
                            + " cannot be used; both must be PEM, the key in PKCS #8,"
                            + " with tls.key_password if it is encrypted",
                    e);
        }
    }
}
