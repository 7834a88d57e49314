package io.switchboard.checks.components;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a self-signed certificate for 127.0.0.1 and localhost, made for one test run. Whoever trusts the
 * certificate (as PEM or as the PKCS#12 trust store) trusts the server.
 */
public final class Certificates implements AutoCloseable {
    private static final String PASSWORD = "switchboard";

    private final Scratch scratch;

    private Certificates(Scratch scratch) {
        this.scratch = scratch;
    }

    /** Made by openssl and keytool, as an operator would. */
    public static Certificates create() {
        var made = new Certificates(Scratch.create("certificates"));
        Program.run(
                "openssl",
                made.scratch.path(),
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout",
                        "key.pem",
                        "-out",
                        "certificate.pem"));
        Program.run(
                "keytool",
                made.scratch.path(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-importcert",
                        "-noprompt",
                        "-alias",
                        "switchboard",
                        "-file",
                        "certificate.pem",
                        "-keystore",
                        "trust.p12",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD));
        return made;
    }

    public Path certificate() {
        return scratch.path().resolve("certificate.pem");
    }

    public Path key() {
        return scratch.path().resolve("key.pem");
    }

    public Path trustStore() {
        return scratch.path().resolve("trust.p12");
    }

    public String trustStorePassword() {
        return PASSWORD;
    }

    /** For clients that trust this certificate and nothing else. */
    public SSLContext trusting() {
        try (var file = Files.newInputStream(trustStore())) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD.toCharArray());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot trust " + trustStore(), e);
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
