package io.switchboard.checks.directory;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisCluster;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.directory.Directory;
import io.switchboard.directory.DirectoryProvider;
import io.switchboard.directory.Presence;
import io.switchboard.directory.PublishedKeys;
import io.switchboard.message.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
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
        Directory directory = ServiceLoader.load(DirectoryProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("redis"))
                .findFirst()
                .orElseThrow()
                .open(new DirectoryProvider.Settings(
                        redis.uri(), "contract", self, List.of(), Map.of(), PublishedKeys.NONE));
        directories.add(directory);
        Await.until("the link", () -> {
            directory.find("nobody").toCompletableFuture().join();
            return true;
        });
        return directory.presence(self);
    }

    @Override
    void forget() {
        for (RedisServer master : redis.masters()) {
            try (var wire = master.wire()) {
                wire.call("FLUSHALL").text();
            }
        }
    }
}
