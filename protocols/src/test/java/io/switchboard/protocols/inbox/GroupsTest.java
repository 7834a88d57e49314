package io.switchboard.protocols.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private final Groups groups = Groups.local();

    private Set<String> of(String user) {
        return groups.of(user).toCompletableFuture().join();
    }

    @Test
    void listsAreKeptBothWays() {
        groups.set("77", Optional.of(Set.of("1", "2")));
        groups.set("78", Optional.of(Set.of("2")));
        assertEquals(Set.of("77"), of("1"));
        assertEquals(Set.of("77", "78"), of("2"));
        groups.set("77", Optional.of(Set.of("3")));
        assertEquals(Set.of(), of("1"));
        assertEquals(Set.of("78"), of("2"));
        assertEquals(
                Optional.of(Set.of("3")),
                groups.members("77").toCompletableFuture().join());
    }

    @Test
    void anEmptyListIsAList() {
        assertFalse(groups.isListed("77"));
        groups.set("77", Optional.of(Set.of()));
        assertTrue(groups.isListed("77"));
        groups.set("77", Optional.empty());
        assertFalse(groups.isListed("77"));
        assertEquals(
                Optional.empty(), groups.members("77").toCompletableFuture().join());
    }

    @Test
    void onlyThoseWhoComeOrGoAreTold() {
        List<String> told = new ArrayList<>();
        groups.listen(told::add);
        groups.set("77", Optional.of(Set.of("1", "2")));
        told.clear();
        groups.set("77", Optional.of(Set.of("2", "3")));
        assertEquals(List.of("1", "3"), told.stream().sorted().toList());
    }
}
