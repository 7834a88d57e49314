package io.switchboard.checks.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Groups;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Member lists as two nodes see them. */
abstract class GroupsContract {
    private Groups groups = Groups.local();
    private Groups others = groups;

    /** An instance that can be asked, on the same store as the one before. */
    abstract Groups open();

    /** The store loses all it had. */
    abstract void forget();

    @BeforeEach
    void openBoth() {
        forget();
        groups = open();
        others = open();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Groups others() {
        others.look().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        return others;
    }

    private void set(String group, String... members) {
        done(groups.set(group, Optional.of(Set.of(members))));
    }

    private static void done(CompletionStage<Void> stage) {
        stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void listsAreKeptBothWays() {
        set("77", "1", "2");
        set("78", "2");
        assertEquals(Set.of("77"), get(others.of("1")));
        assertEquals(Set.of("77", "78"), get(others.of("2")));
        set("77", "3");
        assertEquals(Set.of(), get(others.of("1")));
        assertEquals(Set.of("78"), get(others.of("2")));
        assertEquals(Optional.of(Set.of("3")), get(others.members("77")));
    }

    @Test
    void anEmptyListIsAList() {
        assertFalse(others().isListed("77"));
        set("77");
        assertTrue(groups.isListed("77"));
        assertTrue(others().isListed("77"));
        assertEquals(Optional.of(Set.of()), get(others.members("77")));
        done(groups.set("77", Optional.empty()));
        assertFalse(groups.isListed("77"));
        assertFalse(others().isListed("77"));
        assertEquals(Optional.empty(), get(others.members("77")));
    }

    @Test
    void someAreTakenInAndOthersOut() {
        done(groups.update("77", Set.of("1", "2"), Set.of("3")));
        done(others.update("77", Set.of("2", "4"), Set.of("1", "9")));
        assertEquals(Optional.of(Set.of("2", "4")), get(groups.members("77")));
        assertEquals(Set.of(), get(groups.of("1")));
        assertEquals(Set.of("77"), get(groups.of("4")));
    }

    @Test
    void changesAtOnceAreAllThereInTheEnd() {
        var all = IntStream.range(0, 200)
                .mapToObj(i -> (i % 2 == 0 ? groups : others).update("77", Set.of("" + i), Set.of()))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        get(CompletableFuture.allOf(all).thenApply(nothing -> true));
        assertEquals(
                Optional.of(IntStream.range(0, 200).mapToObj(i -> "" + i).collect(Collectors.toSet())),
                get(others.members("77")));
    }

    @Test
    void onlyThoseWhoComeOrGoAreTold() {
        set("77", "1", "2");
        others();
        List<String> told = new CopyOnWriteArrayList<>();
        others.listen(told::add, () -> told.add("anybody"));
        set("77", "2", "3");
        others();
        assertEquals(List.of("1", "3"), told.stream().sorted().toList());
    }

    @Test
    void manyChangesAreFollowedToo() {
        others();
        List<String> told = new CopyOnWriteArrayList<>();
        others.listen(told::add, () -> told.add("anybody"));
        IntStream.range(0, 1_200).forEach(i -> set("g" + i % 7, "u" + i));
        set("big", IntStream.range(0, 300).mapToObj(i -> "u" + i).toArray(String[]::new));
        others();
        assertTrue(IntStream.range(0, 7).allMatch(i -> others.isListed("g" + i)) && others.isListed("big"));
        assertTrue(told.contains("anybody") || told.contains("u299"), () -> "told only " + told.size());
    }

    @Test
    void whatWasConfiguredIsABeginning() {
        set("77", "1");
        groups.begin(Map.of("77", Set.of("9"), "78", Set.of("8")));
        assertEquals(Set.of("77"), get(groups.of("1")));
        assertEquals(Set.of(), get(groups.of("9")));
        assertEquals(Set.of("78"), get(groups.of("8")));
    }

    @Test
    void whatIsTooMuchIsRefusedAndChangesNothing() {
        var many =
                IntStream.range(0, Groups.MEMBERS_MAX - 1).mapToObj(i -> "" + i).collect(Collectors.toSet());
        done(groups.set("77", Optional.of(many)));
        var beyond = groups.update("77", Set.of("a", "b"), Set.of()).toCompletableFuture();
        var why = assertThrows(CompletionException.class, beyond::join).getCause();
        assertInstanceOf(IllegalArgumentException.class, why);
        assertEquals(
                Groups.MEMBERS_MAX - 1, get(others.members("77")).orElseThrow().size());
        assertEquals(Set.of(), get(others.of("a")));
        done(groups.update("77", Set.of("a", "b"), Set.of("5")));
        assertThrows(IllegalArgumentException.class, () -> groups.update("7\n8", Set.of(), Set.of()));
        assertThrows(IllegalArgumentException.class, () -> groups.update("77", Set.of(""), Set.of()));
        assertThrows(IllegalArgumentException.class, () -> groups.update("77", Set.of("1"), Set.of("1")));
    }
}
