package io.switchboard.checks.directory;

import io.switchboard.checks.components.RedisServer;
import io.switchboard.directory.Directory;
import io.switchboard.message.Origin;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("component")
class RedisDirectoryTest extends DirectoryContract {
    private static RedisServer redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
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
        RedisDirectories.forget(List.of(redis));
    }
}
