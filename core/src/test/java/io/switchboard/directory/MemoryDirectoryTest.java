package io.switchboard.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Directory.View;
import io.switchboard.directory.LoginPolicy.Scope;
import io.switchboard.directory.LoginPolicy.Strategy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class MemoryDirectoryTest {
    private static final LoginPolicy NEWEST = new LoginPolicy(Scope.USER, Strategy.NEWEST);

    private final Directory directory = Directory.local();

    private static Claim claim(String device, String session) {
        return new Claim("ann", device, session, "n", 1, 0);
    }

    private Directory.Result ask(Claim claim, LoginPolicy policy) {
        return directory.claim(claim, policy, View.EMPTY).toCompletableFuture().join();
    }

    private Directory.Result.Granted granted(Claim claim, LoginPolicy policy) {
        return assertInstanceOf(Directory.Result.Granted.class, ask(claim, policy));
    }

    private boolean release(Claim claim) {
        return directory.release(claim).toCompletableFuture().join();
    }

    private List<Claim> found() {
        return directory.find("ann").toCompletableFuture().join();
    }

    @Test
    void theNewestEvictsAndHasAHigherEpoch() {
        Claim first = granted(claim("d", "s1"), NEWEST).claim();
        var second = granted(claim("d", "s2"), NEWEST);
        assertEquals(List.of(first), second.evicted());
        assertTrue(second.claim().epoch() > first.epoch());
        assertEquals(List.of(second.claim()), found());
    }

    @Test
    void anEvictedClaimCannotReleaseItsSuccessor() {
        Claim first = granted(claim("d", "s1"), NEWEST).claim();
        Claim second = granted(claim("d", "s2"), NEWEST).claim();
        assertFalse(release(first));
        assertEquals(List.of(second), found());
        assertTrue(release(second));
        assertEquals(List.of(), found());
    }

    @Test
    void devicesStandSideBySide() {
        var policy = new LoginPolicy(Scope.DEVICE, Strategy.NEWEST);
        var phone = granted(claim("phone", "s1"), policy);
        granted(claim("desk", "s2"), policy);
        assertEquals(
                List.of(phone.claim()), granted(claim("phone", "s3"), policy).evicted());
        assertEquals(2, found().size());
    }

    @Test
    void theOldestStaysUnlessItsNodeIsDead() {
        var policy = new LoginPolicy(Scope.USER, Strategy.OLDEST);
        Claim first = granted(claim("d", "s1"), policy).claim();
        assertEquals(new Directory.Result.Denied(first), ask(claim("d", "s2"), policy));
        assertInstanceOf(
                Directory.Result.Granted.class,
                directory
                        .claim(claim("d", "s3"), policy, new View(0, Set.of(1L)))
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void aThousandRacingLoginsEndWithOne() {
        var evicted = new ConcurrentLinkedQueue<Claim>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 1_000; i++) {
                Claim racing = claim("d", "s" + i);
                threads.execute(() -> evicted.addAll(granted(racing, NEWEST).evicted()));
            }
        }
        assertEquals(1, found().size());
        assertEquals(999, evicted.stream().map(Claim::session).distinct().count());
    }
}
