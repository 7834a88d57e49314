package io.switchboard.bridges.redis;

import io.switchboard.directory.Directory;
import io.switchboard.directory.DirectoryProvider;
import io.switchboard.directory.PublishedKeys;

/** Opens directories on Redis 5 or later, alone, behind Sentinel or as Cluster, with the options of the backplane. */
public final class RedisDirectoryProvider implements DirectoryProvider {
    @Override
    public String type() {
        return "redis";
    }

    @Override
    public Directory open(Settings settings) {
        RedisTarget target = RedisTarget.parse(settings.uri());
        if (target.kind() == RedisTarget.Kind.SPREAD) {
            throw new IllegalArgumentException(
                    "a directory cannot be spread over several Redis servers; name one of them in directory.uri");
        }
        var access = RedisAccess.of(target, settings.self().node(), settings.options(), settings.loops());
        if (settings.cluster().indexOf('{') >= 0 || settings.cluster().indexOf('}') >= 0) {
            throw new IllegalArgumentException("cluster.name must not have braces: " + settings.cluster());
        }
        var commander = new Commander(access.dialer(), access.topology(), Commander.Manner.DIRECTORY);
        commander.start();
        var directory = new RedisDirectory(settings.cluster(), commander, access.loop());
        return settings.published().equals(PublishedKeys.NONE)
                ? directory
                : new PublishingDirectory(directory, settings.cluster(), commander, settings.published());
    }
}
