package io.switchboard.checks.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Presence;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisPresenceTest extends PresenceContract {
    private static RedisServer redis;
    private final List<Directory> directories = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
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
        RedisDirectories.forget(List.of(redis));
    }

    @Test
    void anEstimateIsNearTheTruthAndNothingIsLeftBehind() {
        Topic topic = Topic.of("t");
        var nodes = List.of(open(new Origin("a", 101)), open(new Origin("b", 102)), open(new Origin("c", 103)));
        var all = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 20_000; i++) {
            for (int node = 0; node < 3; node++) {
                // Half of the users of each node are there alone.
                String user = i % 2 == 0 ? "u" + i : "u" + node + "-" + i;
                all.add(nodes.get(node)
                        .enter(topic, new Presence.Entry("s" + node + "-" + i, user, null, null))
                        .toCompletableFuture());
            }
            settle(all, AT_ONCE);
        }
        settle(all, 0);
        Presence.Count count =
                nodes.getFirst().count(topic, Set.of()).toCompletableFuture().join();
        assertEquals(60_000, count.sessions());
        assertTrue(Math.abs(count.users() - 40_000) < 3_000, count::toString);
        for (int node = 0; node < 3; node++) {
            for (int i = 0; i < 20_000; i++) {
                all.add(nodes.get(node).leave(topic, "s" + node + "-" + i).toCompletableFuture());
                settle(all, AT_ONCE);
            }
        }
        settle(all, 0);
        Await.until(
                "nobody",
                () -> nodes.getFirst()
                                .count(topic, Set.of())
                                .toCompletableFuture()
                                .join()
                                .sessions()
                        == 0);
        try (var wire = redis.wire()) {
            Await.until("no key", () -> wire.call("DBSIZE").text().equals("0"));
        }
    }
}
