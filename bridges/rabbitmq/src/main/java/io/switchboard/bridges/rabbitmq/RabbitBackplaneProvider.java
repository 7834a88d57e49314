package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens backplanes on RabbitMQ 3.8 or later. Options: {@value #TLS_CA}, the PEM file of a private authority;
 * {@value #QUEUE_EXPIRES}, the milliseconds after which the queue of a node that is gone disappears.
 */
public final class RabbitBackplaneProvider implements BackplaneProvider {
    private static final String TLS_CA = "tls.ca";
    private static final String QUEUE_EXPIRES = "queue.expires";
    private static final String QUEUE_EXPIRES_MILLIS = "60000";

    @Override
    public String type() {
        return "rabbitmq";
    }

    @Override
    public Backplane open(Settings settings) {
        RabbitTarget target = RabbitTarget.parse(settings.uri());
        checkOptions(settings.options());
        var names = Names.of(settings.cluster(), settings.self());
        @Nullable SSLContext tls = target.tls() ? tls(settings.options().get(TLS_CA)) : null;
        return new RabbitBackplane(settings, new Dialer(target, tls, names), names, expires(settings.options()));
    }

    private static void checkOptions(Map<String, String> options) {
        var unknown = new TreeSet<>(options.keySet());
        unknown.remove(TLS_CA);
        unknown.remove(QUEUE_EXPIRES);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("backplane.options " + unknown + " are unknown to RabbitMQ; there are "
                    + TLS_CA + " and " + QUEUE_EXPIRES);
        }
    }

    private static int expires(Map<String, String> options) {
        String text = options.getOrDefault(QUEUE_EXPIRES, QUEUE_EXPIRES_MILLIS);
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(
                    "backplane.options." + QUEUE_EXPIRES + " must be a whole number of milliseconds: " + text);
        }
        return Integer.parseInt(text);
    }

    private static SSLContext tls(@Nullable String authority) {
        try {
            var context = SSLContext.getInstance("TLS");
            if (authority == null) {
                context.init(null, null, null);
            } else {
                var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(certificates(Path.of(authority)));
                context.init(null, trust.getTrustManagers(), null);
            }
            return context;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "backplane.options." + TLS_CA + " must be the path of a PEM file of certificates: " + authority, e);
        }
    }

    private static KeyStore certificates(Path file) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
        }
        return store;
    }
}
