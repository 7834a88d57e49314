package io.switchboard.backplane;

/** Where a broker listens. */
public record Address(String host, int port) {
    /** With brackets where the host has colons. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
