package io.switchboard.checks.directory;

import io.switchboard.checks.components.RedisCluster;
import io.switchboard.directory.Directory;
import io.switchboard.message.Origin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("component")
class RedisClusterDirectoryTest extends DirectoryContract {
    private static RedisCluster redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisCluster.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    Directory open(Origin self) {
        return RedisDirectories.open(redis.uri(), self);
    }

    @Override
    void forget() {
        RedisDirectories.forget(redis.masters());
    }
}
