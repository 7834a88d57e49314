package io.switchboard.bridges.redis;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;

/**
 * Opens backplanes on Redis 5 or later, alone, behind Sentinel or as Cluster. Options:
 * {@value RedisAccess#TLS_CA}, the PEM file
 * of a private authority; {@value RedisAccess#SENTINEL_PASSWORD}, where sentinels want one of their own.
 */
public final class RedisBackplaneProvider implements BackplaneProvider {
    @Override
    public String type() {
        return "redis";
    }

    @Override
    public Backplane open(Settings settings) {
        var channels = new Channels(settings.cluster(), settings.self());
        var access = RedisAccess.of(settings.uri(), settings.self().node(), settings.options(), settings.loops());
        return new RedisBackplane(settings, access.loop(), access.dialer(), access.topology(), channels);
    }
}
