package io.switchboard.bridges.redis;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;
import io.switchboard.backplane.WireFormat;
import java.io.File;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens backplanes on Redis 5 or later, alone, behind Sentinel, as Cluster, or several that topics are spread over.
 * Options: {@value #TLS_CA}, the PEM file
 * of a private authority; {@value #SENTINEL_PASSWORD}, where sentinels want one of their own.
 */
public final class RedisBackplaneProvider implements BackplaneProvider {
    private static final String TLS_CA = "tls.ca";
    private static final String SENTINEL_PASSWORD = "sentinel.password";

    @Override
    public String type() {
        return "redis";
    }

    @Override
    public Backplane open(Settings settings) {
        RedisTarget target = RedisTarget.parse(settings.uri());
        boolean isSpread = target.kind() == RedisTarget.Kind.SPREAD;
        if (isSpread && !settings.format().equals(WireFormat.envelope())) {
            throw new IllegalArgumentException(
                    "backplane.format " + settings.format().formatName()
                            + " cannot be spread over several Redis servers: the foreign nodes that it is for know one;"
                            + " set backplane.format: native, or give one server in backplane.uri");
        }
        checkOptions(settings.options());
        var channels = new Channels(settings.cluster(), settings.self());
        SslContext tls = target.tls() ? tls(settings.options()) : null;
        RedisLoop loop = RedisLoop.of(settings.loops());
        var dialer =
                new Dialer(loop, tls, Credentials.of(target, settings.self().node()));
        // A URI's password is for the data; sentinels have none unless told.
        var sentinelDialer = dialer.withPassword(settings.options().getOrDefault(SENTINEL_PASSWORD, ""));
        return new RedisBackplane(
                settings,
                loop,
                dialer,
                Topology.of(target, dialer, sentinelDialer),
                channels,
                isSpread ? new SpreadList(target.seeds()) : null);
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
