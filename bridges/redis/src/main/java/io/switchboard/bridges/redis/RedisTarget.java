package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import io.switchboard.backplane.Authority;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a URI says: which kind of Redis, where to ask first, and with which secret.
 *
 * @param seeds the server itself, the sentinels, or some nodes of the cluster
 * @param user empty for the default user
 * @param password empty if none
 * @param master name of the master that sentinels are asked for
 */
record RedisTarget(Kind kind, List<Address> seeds, boolean tls, String user, String password, String master) {
    /** How the servers are organized. */
    enum Kind {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    private static final String FORMS = "backplane.uri must be redis://[user:password@]host[:port][/db],"
            + " redis-sentinel://[user:password@]host:port,host:port/0#master"
            + " or redis-cluster://[user:password@]host:port,host:port"
            + " (rediss… for TLS; special characters of a password percent-encoded): ";
    private static final Pattern SCHEME = Pattern.compile("redis(s?)(|-sentinel|-cluster)");
    private static final int PORT = 6_379;
    private static final int SENTINEL_PORT = 26_379;

    /** @throws IllegalArgumentException that says what is wrong, and never the secret */
    static RedisTarget parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException _secret) {
            // Neither its text nor itself as a cause is passed on: both quote the password.
            throw wrong("this is not a URI");
        }
        Matcher scheme = SCHEME.matcher(uri.getScheme() == null ? "" : uri.getScheme());
        String authority = uri.getRawAuthority();
        if (!scheme.matches() || authority == null) {
            throw wrong("this is another kind of URI");
        }
        Kind kind = scheme.group(2).isEmpty()
                ? Kind.STANDALONE
                : scheme.group(2).equals("-sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String master = uri.getFragment() == null ? "" : uri.getFragment();
        if (!path.matches("|/\\d*") || uri.getRawQuery() != null || (kind == Kind.SENTINEL) == master.isEmpty()) {
            throw wrong("there is something missing or superfluous after the host");
        }
        Authority parts;
        try {
            parts = Authority.parse(authority, kind == Kind.SENTINEL ? SENTINEL_PORT : PORT);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        if (kind == Kind.STANDALONE && parts.hosts().size() > 1) {
            throw wrong("there are several hosts, but no -sentinel or -cluster");
        }
        return new RedisTarget(kind, parts.hosts(), !scheme.group(1).isEmpty(), parts.user(), parts.password(), master);
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(FORMS + what);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return kind + " " + seeds + (tls ? " TLS" : "") + (master.isEmpty() ? "" : " " + master);
    }
}
