package io.switchboard.bridges.redis;

import io.switchboard.backplane.BackplaneProvider;
import io.switchboard.backplane.WireFormat;
import io.switchboard.log.Log;
import io.switchboard.log.LogProvider;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Opens logs on Redis 5 or later, alone or behind Sentinel, or 7 as Cluster, with the options of the backplane. */
public final class RedisLogProvider implements LogProvider {
    @Override
    public String type() {
        return "redis";
    }

    @Override
    public Log open(Settings settings) {
        RedisTarget target = RedisTarget.parse(settings.uri());
        if (target.kind() == RedisTarget.Kind.SPREAD) {
            throw new IllegalArgumentException(
                    "a log cannot be spread over several Redis servers; name one of them in log.uri");
        }
        Origin self = settings.self();
        // A name of its own for the pings: the backplane may be on the same server.
        var channels = new Channels(settings.cluster(), new Origin(self.node() + ":log", self.incarnation()));
        var access = RedisAccess.of(target, self.node(), settings.options(), settings.loops());
        var hearing = new RedisBackplane(
                new BackplaneProvider.Settings(
                        settings.uri(),
                        settings.cluster(),
                        self,
                        WireFormat.envelope(),
                        settings.loops(),
                        // What is heard there is counted as history's, not as the backplane's.
                        new Meters(),
                        0,
                        Duration.ZERO,
                        settings.options()),
                access.loop(),
                access.dialer(),
                access.topology(),
                channels,
                null,
                true);
        boolean sharded = target.kind() == RedisTarget.Kind.CLUSTER;
        var commander = new Commander(
                access.dialer(),
                access.topology(),
                new Commander.Manner(
                        "log",
                        StandardCharsets.ISO_8859_1,
                        List.of(RedisLog.APPEND, RedisLog.READ),
                        sharded ? Greeting.SHARDED_SINCE : 0));
        return new RedisLog(
                settings.cluster(), channels, hearing, commander, access.loop().eventLoop(), sharded);
    }
}
