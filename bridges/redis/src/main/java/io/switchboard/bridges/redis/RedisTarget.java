package io.switchboard.bridges.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;

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

    private static final String FORMS = "backplane.uri must be redis://[user:password@]host[:port],"
            + " redis-sentinel://[:password@]host:port,host:port/0#master or redis-cluster://host:port,host:port"
            + " (rediss… for TLS; special characters of a password percent-encoded)";

    /** @throws IllegalArgumentException that names the forms, and never the secret */
    static RedisTarget parse(String uri) {
        int colon = uri.indexOf("://");
        String scheme = colon < 0 ? "" : uri.substring(0, colon);
        try {
            return switch (scheme) {
                case "redis", "rediss" -> standalone(RedisURI.create(uri));
                case "redis-sentinel", "rediss-sentinel" -> sentinel(RedisURI.create(uri));
                case "redis-cluster", "rediss-cluster" ->
                    cluster(RedisClusterURIUtil.toRedisURIs(URI.create(uri.replaceFirst("-cluster", ""))));
                default -> throw new IllegalArgumentException("the scheme is unknown");
            };
        } catch (IllegalArgumentException _secret) {
            // Neither the text nor the cause of the exception is passed on: both may quote the password.
            throw new IllegalArgumentException(FORMS);
        }
    }

    private static RedisTarget standalone(RedisURI uri) {
        return of(Kind.STANDALONE, uri, List.of(address(uri)), "");
    }

    private static RedisTarget sentinel(RedisURI uri) {
        var seeds = uri.getSentinels().stream().map(RedisTarget::address).toList();
        return of(Kind.SENTINEL, uri, seeds, uri.getSentinelMasterId());
    }

    private static RedisTarget cluster(List<RedisURI> uris) {
        var seeds = uris.stream().map(RedisTarget::address).toList();
        return of(Kind.CLUSTER, uris.getFirst(), seeds, "");
    }

    private static RedisTarget of(Kind kind, RedisURI uri, List<Address> seeds, String master) {
        String user = "";
        String password = "";
        if (uri.getCredentialsProvider() instanceof RedisCredentialsProvider.ImmediateRedisCredentialsProvider known) {
            RedisCredentials credentials = known.resolveCredentialsNow();
            user = credentials.hasUsername() ? credentials.getUsername() : "";
            password = credentials.hasPassword() ? new String(credentials.getPassword()) : "";
        }
        return new RedisTarget(kind, seeds, uri.isSsl(), user, password, master);
    }

    private static Address address(RedisURI uri) {
        if (uri.getHost() == null || uri.getHost().isEmpty() || !uri.isVerifyPeer()) {
            throw new IllegalArgumentException("no host, or a server that is not to be verified");
        }
        return new Address(uri.getHost(), uri.getPort());
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return kind + " " + seeds + (tls ? " TLS" : "") + (master.isEmpty() ? "" : " " + master);
    }
}
