package io.switchboard.bridges.redis;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.switchboard.loop.Loop;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What it takes to reach the servers that a URI names. */
record RedisAccess(RedisLoop loop, Dialer dialer, Topology topology) {
    static final String TLS_CA = "tls.ca";
    static final String SENTINEL_PASSWORD = "sentinel.password";

    /** @throws IllegalArgumentException naming the setting that is wrong and what would be right */
    static RedisAccess of(RedisTarget target, String node, Map<String, String> options, List<Loop> loops) {
        checkOptions(options);
        SslContext tls = target.tls() ? tls(options) : null;
        RedisLoop loop = RedisLoop.of(loops);
        var dialer = new Dialer(loop, tls, Credentials.of(target, node));
        // A URI's password is for the data; sentinels have none unless told.
        var sentinelDialer = dialer.withPassword(options.getOrDefault(SENTINEL_PASSWORD, ""));
        return new RedisAccess(loop, dialer, Topology.of(target, dialer, sentinelDialer));
    }

    private static void checkOptions(Map<String, String> options) {
        var unknown = new TreeSet<>(options.keySet());
        unknown.remove(TLS_CA);
        unknown.remove(SENTINEL_PASSWORD);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("backplane.options " + unknown + " are unknown to Redis; there are "
                    + TLS_CA + " and " + SENTINEL_PASSWORD);
        }
    }

    private static SslContext tls(Map<String, String> options) {
        @Nullable String authority = options.get(TLS_CA);
        try {
            var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            if (authority != null) {
                builder.trustManager(new File(authority));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "backplane.options." + TLS_CA + " must be the path of a PEM file of certificates: " + authority, e);
        }
    }
}
