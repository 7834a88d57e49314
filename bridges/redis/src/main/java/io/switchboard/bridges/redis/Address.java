package io.switchboard.bridges.redis;

/** Where a Redis process listens. */
record Address(String host, int port) {
    /** As Redis itself writes it. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
