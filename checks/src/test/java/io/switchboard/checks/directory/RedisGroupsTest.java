package io.switchboard.checks.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Groups;
import io.switchboard.message.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisGroupsTest extends GroupsContract {
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
    Groups open() {
        Directory directory =
                RedisDirectories.open(redis.uri(), new Origin("n" + directories.size(), 1 + directories.size()));
        directories.add(directory);
        Groups groups = directory.groups();
        Await.until("the first look", () -> !groups.isListed("nobody's"));
        return groups;
    }

    @Override
    void forget() {
        RedisDirectories.forget(List.of(redis));
    }

    /** Nobody says that there is something new: a node finds out. */
    @Test
    void aChangeIsNoticedUnasked() {
        Groups groups = open();
        Groups others = open();
        List<String> told = new CopyOnWriteArrayList<>();
        others.listen(told::add, () -> told.add("anybody"));
        groups.set("77", Optional.of(Set.of("1"))).toCompletableFuture().join();
        Await.until("the other to know", () -> others.isListed("77") && !told.isEmpty());
        groups.update("77", Set.of("2"), Set.of()).toCompletableFuture().join();
        Await.until("the other to be told of the newcomer", () -> told.contains("2"));
    }

    /** The lists outlive the nodes; what was configured comes again when the store has lost everything. */
    @Test
    void listsOutliveNodesAndWhatWasConfiguredOutlivesTheStore() {
        Groups groups = open();
        groups.begin(Map.of("77", Set.of("1")));
        groups.set("78", Optional.of(Set.of("2"))).toCompletableFuture().join();
        groups.set("77", Optional.of(Set.of("3"))).toCompletableFuture().join();
        closeAll();
        directories.clear();

        Groups again = open();
        again.begin(Map.of("77", Set.of("1")));
        Await.until("all lists to be known", () -> again.isListed("77") && again.isListed("78"));
        assertEquals(
                Optional.of(Set.of("3")),
                again.members("77").toCompletableFuture().join());

        List<String> told = new CopyOnWriteArrayList<>();
        again.listen(told::add, () -> told.add("anybody"));
        forget();
        Await.until("78 to be gone, and 77 as configured", () -> again.isListed("77") && !again.isListed("78"));
        assertEquals(
                Optional.of(Set.of("1")),
                again.members("77").toCompletableFuture().join());
        assertTrue(told.contains("anybody"));
    }

    @Test
    void afterAnOutageEverybodyAsksAgain() {
        Groups groups = open();
        groups.set("77", Optional.of(Set.of("1"))).toCompletableFuture().join();
        List<String> told = new CopyOnWriteArrayList<>();
        groups.listen(told::add, () -> told.add("anybody"));
        redis.kill9();
        Await.until("it to be missed", () -> groups.look().toCompletableFuture().isCompletedExceptionally());
        assertTrue(groups.isListed("77"));
        redis.restart();
        Await.until("everybody to be told", () -> told.contains("anybody"));
    }
}
