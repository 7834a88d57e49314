package io.switchboard.bridges.redis;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;
import io.switchboard.backplane.WireFormat;

/**
 * Opens backplanes on Redis 5 or later, alone, behind Sentinel, as Cluster, or several that topics are spread over.
 * Options: {@value RedisAccess#TLS_CA}, the PEM file of a private authority; {@value RedisAccess#SENTINEL_PASSWORD},
 * where sentinels want one of their own.
 */
public final class RedisBackplaneProvider implements BackplaneProvider {
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
        var channels = new Channels(settings.cluster(), settings.self());
        var access = RedisAccess.of(target, settings.self().node(), settings.options(), settings.loops());
        return new RedisBackplane(
                settings,
                access.loop(),
                access.dialer(),
                access.topology(),
                channels,
                isSpread ? new SpreadList(target.seeds()) : null,
                false);
    }
}
