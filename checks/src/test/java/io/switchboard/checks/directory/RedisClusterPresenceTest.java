package io.switchboard.checks.directory;

import io.switchboard.checks.components.RedisCluster;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Presence;
import io.switchboard.message.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("component")
class RedisClusterPresenceTest extends PresenceContract {
    private static RedisCluster redis;
    private final List<Directory> directories = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        redis = RedisCluster.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @AfterEach
    void closeAll() {
        directories.forEach(Directory::close);
    }

    @Override
    Presence open(Origin self) {
        Directory directory = RedisDirectories.open(redis.uri(), self);
        directories.add(directory);
        return directory.presence(self);
    }

    @Override
    void forget() {
        RedisDirectories.forget(redis.masters());
    }
}
