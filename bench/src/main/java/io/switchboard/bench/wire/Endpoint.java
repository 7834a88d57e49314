package io.switchboard.bench.wire;

import java.net.InetSocketAddress;
import java.net.URI;

/** A server's address, asked for once: a name server is not what is to be measured. */
public record Endpoint(URI uri, InetSocketAddress address) {
    public static Endpoint of(URI uri) {
        return new Endpoint(uri, new InetSocketAddress(uri.getHost(), port(uri)));
    }

    /** Whether the name of the host means nothing here. */
    public boolean unknown() {
        return address.isUnresolved();
    }

    public String hostAndPort() {
        return uri.getHost() + ":" + port(uri);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : 80;
    }
}
