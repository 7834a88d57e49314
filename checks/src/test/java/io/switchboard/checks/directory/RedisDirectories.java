package io.switchboard.checks.directory;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.directory.Directory;
import io.switchboard.directory.DirectoryProvider;
import io.switchboard.directory.PublishedKeys;
import io.switchboard.message.Origin;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens directories on Redis, and has Redis forget them. */
final class RedisDirectories {
    private RedisDirectories() {}

    /** One that is linked. */
    static Directory open(String uri, Origin self) {
        Directory directory = ServiceLoader.load(DirectoryProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("redis"))
                .findFirst()
                .orElseThrow()
                .open(new DirectoryProvider.Settings(uri, "contract", self, List.of(), Map.of(), PublishedKeys.NONE));
        Await.until("the link", () -> {
            directory.find("nobody").toCompletableFuture().join();
            return true;
        });
        return directory;
    }

    static void forget(List<RedisServer> masters) {
        for (RedisServer master : masters) {
            try (var wire = master.wire()) {
                wire.call("FLUSHALL").text();
            }
        }
    }
}
