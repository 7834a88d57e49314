package io.switchboard.checks.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.Directory.Result;
import io.switchboard.directory.Directory.View;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.directory.LoginPolicy.Scope;
import io.switchboard.directory.LoginPolicy.Strategy;
import io.switchboard.message.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes, each with its own instance on the same store. */
abstract class DirectoryContract {
    private static final LoginPolicy NEWEST = new LoginPolicy(Scope.USER, Strategy.NEWEST);
    private static final LoginPolicy OLDEST = new LoginPolicy(Scope.USER, Strategy.OLDEST);
    private static final LoginPolicy DEVICE = new LoginPolicy(Scope.DEVICE, Strategy.NEWEST);

    private final List<Directory> nodes = new ArrayList<>();

    /** An instance that can be asked. */
    abstract Directory open(Origin self);

    /** The store loses all it had. */
    abstract void forget();

    private static Origin origin(int node) {
        return new Origin("n" + node, 0x7fff_0000_0000_0000L + node);
    }

    @BeforeEach
    void openAll() {
        for (int i = 0; i < 3; i++) {
            nodes.add(open(origin(i)));
        }
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(Directory::close);
        forgetAfterwards();
    }

    /** So that every test begins with an empty store. */
    private void forgetAfterwards() {
        forget();
    }

    private static Claim claim(int node, String device, String session) {
        return claim(node, "ann", device, session);
    }

    private static Claim claim(int node, String user, String device, String session) {
        Origin origin = origin(node);
        return new Claim(user, device, session, origin.node(), origin.incarnation(), 0);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private Result ask(int node, Claim claim, LoginPolicy policy) {
        return get(nodes.get(node).claim(claim, policy, View.EMPTY));
    }

    private Result.Granted granted(int node, Claim claim, LoginPolicy policy) {
        return assertInstanceOf(Result.Granted.class, ask(node, claim, policy));
    }

    private Set<Claim> found(int node, String user) {
        return new HashSet<>(get(nodes.get(node).find(user)));
    }

    @Test
    void theNewestWinsOnWhicheverNode() {
        Claim first = granted(0, claim(0, "d", "s1"), NEWEST).claim();
        var second = granted(1, claim(1, "d", "s2"), NEWEST);
        assertEquals(List.of(first), second.evicted());
        assertTrue(second.claim().epoch() > first.epoch());
        assertEquals(Set.of(second.claim()), found(2, "ann"));
    }

    @Test
    void onlyItsOwnEpochIsReleased() {
        Claim first = granted(0, claim(0, "d", "s1"), NEWEST).claim();
        Claim second = granted(1, claim(1, "d", "s2"), NEWEST).claim();
        assertFalse(get(nodes.get(0).release(first)));
        assertFalse(get(nodes.get(1).release(second.granted(second.epoch() - 1))));
        assertEquals(Set.of(second), found(0, "ann"));
        assertTrue(get(nodes.get(1).release(second)));
        assertEquals(Set.of(), found(0, "ann"));
        Claim third = granted(0, claim(0, "d", "s3"), NEWEST).claim();
        assertTrue(third.epoch() > second.epoch(), "epochs grow though nobody was left");
    }

    @Test
    void oneOfEachDevice() {
        Claim phone = granted(0, claim(0, "a phone", "s1"), DEVICE).claim();
        Claim desk = granted(1, claim(1, "desk", "s2"), DEVICE).claim();
        var other = granted(2, claim(2, "a phone", "s3"), DEVICE);
        assertEquals(List.of(phone), other.evicted());
        assertEquals(Set.of(desk, other.claim()), found(0, "ann"));
    }

    @Test
    void asManyAsTheyLike() {
        var all = new HashSet<Claim>();
        for (int i = 0; i < 9; i++) {
            all.add(granted(i % 3, claim(i % 3, "d", "s" + i), LoginPolicy.MANY).claim());
        }
        assertEquals(all, found(0, "ann"));
    }

    @Test
    void theOldestStaysUnlessItsNodesLeaseHasLapsed() {
        Claim first = granted(0, claim(0, "d", "s1"), OLDEST).claim();
        assertEquals(new Result.Denied(first), ask(1, claim(1, "d", "s2"), OLDEST));
        var view = new View(0, Set.of(origin(0).incarnation()));
        var second = assertInstanceOf(Result.Granted.class, get(nodes.get(1).claim(claim(1, "d", "s2"), OLDEST, view)));
        assertEquals(List.of(), second.evicted(), "nobody is there to be told");
        assertEquals(Set.of(second.claim()), found(2, "ann"));
    }

    @Test
    void aSecondClaimOfTheSameSessionReplacesTheFirst() {
        granted(0, claim(0, "d", "s1"), NEWEST);
        var again = granted(0, claim(0, "d", "s1"), NEWEST);
        assertEquals(List.of(), again.evicted(), "nobody is thrown out by himself");
        assertEquals(Set.of(again.claim()), found(1, "ann"));
    }

    @Test
    void whatIsClaimedAgainKeepsItsEpochUnlessAnotherTookIt() {
        Claim first = granted(0, claim(0, "d", "s1"), NEWEST).claim();
        assertEquals(first, granted(0, first, NEWEST).claim());
        Claim second = granted(1, claim(1, "d", "s2"), NEWEST).claim();
        assertEquals(new Result.Denied(second), ask(0, first, NEWEST));
        assertEquals(Set.of(second), found(2, "ann"));
    }

    @Test
    void afterTheStoreLostItsDataTheNodesRebuildIt() {
        Claim ann = granted(0, claim(0, "d", "s1"), NEWEST).claim();
        Claim ben = granted(1, claim(1, "ben", "d", "s2"), NEWEST).claim();
        forget();
        assertEquals(Set.of(), found(2, "ann"));
        var newcomer = assertInstanceOf(
                        Result.Granted.class,
                        get(nodes.get(2)
                                .claim(claim(2, "d", "s3"), NEWEST, new View(ann.epoch() + 1_000_000_000L, Set.of()))))
                .claim();
        assertTrue(newcomer.epoch() > ann.epoch() + 1_000_000_000L, "higher than any that was known");
        assertEquals(new Result.Denied(newcomer), ask(0, ann, NEWEST));
        assertEquals(ben, granted(1, ben, NEWEST).claim());
        assertEquals(Set.of(newcomer), found(0, "ann"));
        assertEquals(Set.of(ben), found(0, "ben"));
    }

    @Test
    void ofTwoClaimsMadeWithoutTheStoreTheLaterWinsInAnyOrder() {
        Claim early = claim(0, "d", "s1").granted(1_000);
        Claim late = claim(1, "d", "s2").granted(2_000);
        granted(0, early, NEWEST);
        assertEquals(List.of(early), granted(1, late, NEWEST).evicted());
        forget();
        granted(1, late, NEWEST);
        assertEquals(new Result.Denied(late), ask(0, early, NEWEST));
        forget();
        granted(1, late, OLDEST);
        assertEquals(List.of(late), granted(0, early, OLDEST).evicted());
    }

    @Test
    void heartbeatsAreSeenByAllAndTheirLossIsNoticed() {
        assertFalse(get(nodes.get(0).beat(origin(0), 1, Set.of())).remembered());
        var pulse = get(nodes.get(1).beat(origin(1), 1, Set.of()));
        assertEquals(
                Set.of(origin(0).incarnation(), origin(1).incarnation()),
                pulse.counts().keySet());
        assertTrue(get(nodes.get(0).beat(origin(0), 2, Set.of())).remembered());
        assertEquals(
                2L,
                get(nodes.get(1).beat(origin(1), 2, Set.of()))
                        .counts()
                        .get(origin(0).incarnation()));
        get(nodes.get(1).beat(origin(1), 3, Set.of(origin(0).incarnation())));
        assertFalse(get(nodes.get(0).beat(origin(0), 3, Set.of())).remembered(), "taken for dead");
        var seen = get(nodes.get(1).beat(origin(1), 4, Set.of(origin(0).incarnation())));
        assertEquals(3L, seen.counts().get(origin(0).incarnation()), "it beats again");
        forget();
        assertFalse(get(nodes.get(0).beat(origin(0), 4, Set.of())).remembered(), "the store lost its data");
    }

    @Test
    void namesMayHaveAnythingInThem() {
        for (String user : List.of("ä ö", "{a}b}", "}", "{", "@", "a:b", "x".repeat(200))) {
            Claim held = granted(0, claim(0, user, "d {} d", "s1"), NEWEST).claim();
            assertEquals(Set.of(held), found(1, user));
            assertTrue(get(nodes.get(0).release(held)));
        }
    }

    @Test
    void aThousandRacingLoginsOverThreeNodesEndWithOne() {
        var asked = new ArrayList<CompletionStage<Result>>();
        for (int i = 0; i < 1_000; i++) {
            int node = i % 3;
            asked.add(nodes.get(node).claim(claim(node, "d", "s" + i), NEWEST, View.EMPTY));
        }
        var evicted = new ArrayList<Claim>();
        var all = new HashSet<Claim>();
        for (var one : asked) {
            var granted = assertInstanceOf(Result.Granted.class, get(one));
            all.add(granted.claim());
            evicted.addAll(granted.evicted());
        }
        assertEquals(1_000, all.size());
        assertEquals(999, evicted.size(), "nobody is evicted twice");
        evicted.forEach(all::remove);
        assertEquals(all, found(0, "ann"));
    }
}
