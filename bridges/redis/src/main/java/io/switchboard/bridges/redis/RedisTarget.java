package io.switchboard.bridges.redis;

import io.switchboard.backplane.Address;
import io.switchboard.backplane.Authority;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a URI says: which kind of Redis, where to ask first, and with which secret.
 *
 * @param seeds the server itself, all servers that topics are spread over, the sentinels, or some nodes of the cluster
 * @param user empty for the default user
 * @param password empty if none
 * @param master name of the master that sentinels are asked for
 */
record RedisTarget(Kind kind, List<Address> seeds, boolean tls, String user, String password, String master) {
    /** How the servers are organized. */
    enum Kind {
        STANDALONE,
        SENTINEL,
        CLUSTER,
        /** Servers that know nothing of each other; topics are spread over them. */
        SPREAD;

        static Kind of(String suffix) {
            return switch (suffix) {
                case "-sentinel" -> SENTINEL;
                case "-cluster" -> CLUSTER;
                case "-spread" -> SPREAD;
                default -> STANDALONE;
            };
        }
    }

    /** Each needs a tag of its own, of which there are {@link Channels#TAGS}. */
    static final int SPREAD_MAX = 64;

    private static final String FORMS = "backplane.uri must be redis://[user:password@]host[:port][/db],"
            + " redis-sentinel://[user:password@]host:port,host:port/0#master,"
            + " redis-cluster://[user:password@]host:port,host:port"
            + " or redis-spread://[user:password@]host:port,host:port (independent servers)"
            + " (rediss… for TLS; special characters of a password percent-encoded): ";
    private static final Pattern SCHEME = Pattern.compile("redis(s?)(|-sentinel|-cluster|-spread)");
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
        Kind kind = Kind.of(scheme.group(2));
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
            throw wrong("there are several hosts, but no -sentinel, -cluster or -spread");
        }
        if (kind == Kind.SPREAD
                && new HashSet<>(parts.hosts()).size() < parts.hosts().size()) {
            throw wrong("a server stands twice");
        }
        if (kind == Kind.SPREAD && parts.hosts().size() > SPREAD_MAX) {
            throw wrong("topics are spread over at most " + SPREAD_MAX + " servers");
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
