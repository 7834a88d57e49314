package io.switchboard.bridges.rabbitmq;

import io.switchboard.backplane.Authority;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a URI says: where the brokers of a RabbitMQ cluster are, the virtual host, and who we are there.
 *
 * @param brokers tried in turn
 */
record RabbitTarget(Authority brokers, boolean tls, String virtualHost) {
    private static final String FORMS =
            "backplane.uri must be amqp://[user:password@]host[:port][,host[:port]…][/vhost]"
                    + " (amqps for TLS; special characters percent-encoded, so that the vhost / is /%2f or nothing): ";
    // Not java.net.URI: it takes no list of hosts with an IPv6 address among them.
    private static final Pattern URI = Pattern.compile("(amqps?)://([^/?#]*)(?:/([^/?#]*))?");
    private static final int PORT = 5_672;
    private static final int TLS_PORT = 5_671;

    /** @throws IllegalArgumentException that says what is wrong, and never the secret */
    static RabbitTarget parse(String text) {
        Matcher uri = URI.matcher(text);
        if (!uri.matches()) {
            throw wrong("this is another kind of address, or there is something superfluous behind the host");
        }
        boolean tls = uri.group(1).equals("amqps");
        String path = uri.group(3) == null ? "" : uri.group(3);
        try {
            var brokers = Authority.parse(uri.group(2), tls ? TLS_PORT : PORT);
            return new RabbitTarget(brokers, tls, path.isEmpty() ? "/" : Authority.decoded(path));
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
