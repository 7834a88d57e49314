package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Authority;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a URI says: where the brokers of a RabbitMQ cluster are, the virtual host, and who we are there.
 *
 * @param brokers tried in turn
 */
record RabbitTarget(Authority brokers, boolean tls, String virtualHost) {
    private static final String FORMS =
            "backplane.uri must be amqp://[user:password@]host[:port][,host[:port]…][/vhost]"
                    + " (amqps for TLS; special characters percent-encoded, so that the vhost / is /%2f or nothing): ";
    private static final int PORT = 5_672;
    private static final int TLS_PORT = 5_671;

    /** @throws IllegalArgumentException that says what is wrong, and never the secret */
    static RabbitTarget parse(String text) {
        @Nullable URI uri = null;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException _secret) {
            // Neither its text nor itself as a cause is passed on: both quote the password.
        }
        if (uri == null || uri.getScheme() == null || !uri.getScheme().matches("amqps?")) {
            throw wrong("this is another kind of address");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (uri.getRawAuthority() == null || uri.getRawQuery() != null || path.indexOf('/', 1) >= 0) {
            throw wrong("the host is missing, or there is something superfluous behind it");
        }
        boolean tls = uri.getScheme().equals("amqps");
        try {
            var brokers = Authority.parse(uri.getRawAuthority(), tls ? TLS_PORT : PORT);
            return new RabbitTarget(brokers, tls, path.length() < 2 ? "/" : Authority.decoded(path.substring(1)));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(FORMS + what);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "RabbitMQ " + brokers + " vhost " + virtualHost + (tls ? " TLS" : "");
    }
}
