package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Address;
import io.switchboard.backplane.Authority;
import java.util.stream.Collectors;

/**
 * What a URI says: where the name servers are, and who we are at the brokers they name.
 *
 * @param servers asked in turn
 */
record RocketTarget(Authority servers) {
    private static final String SCHEME = "rocketmq://";
    private static final int PORT = 9_876;
    private static final String FORMS =
            "backplane.uri must be rocketmq://[access-key:secret-key@]host[:port][,host[:port]…]"
                    + " with the name servers of RocketMQ, special characters percent-encoded: ";

    /** @throws IllegalArgumentException that says what is wrong, and never the secret */
    static RocketTarget parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException(FORMS + "this is another kind of address");
        }
        String authority = text.substring(SCHEME.length());
        if (authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        if (authority.isEmpty() || authority.matches(".*[/?#].*")) {
            throw new IllegalArgumentException(
                    FORMS + "the host is missing, or there is something superfluous behind it");
        }
        try {
            return new RocketTarget(Authority.parse(authority, PORT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FORMS + e.getMessage(), e);
        }
    }

    /** As the client wants them. */
    String nameServers() {
        return servers.hosts().stream().map(Address::toString).collect(Collectors.joining(";"));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "RocketMQ " + servers;
    }
}
