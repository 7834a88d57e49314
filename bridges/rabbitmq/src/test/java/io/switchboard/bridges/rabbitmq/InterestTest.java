package io.switchboard.bridges.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.WireFormat;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which bindings follow from what is listened to, and when those who wait may go on. */
class InterestTest {
    private long now = 1_000_000;
    private final Interest interest =
            new Interest(Names.of("board", new Origin("n1", 1)), WireFormat.envelope(), () -> now, () -> {});

    @BeforeEach
    void freshLink() {
        var nothing = interest.next();
        assertTrue(nothing.unbindEverything());
        interest.done(nothing);
        assertTrue(interest.next().isEmpty());
    }

    private void listen(String user) {
        interest.subscribe(Topic.user(user), new CompletableFuture<>());
    }

    private CompletableFuture<Void> subscribe(String user) {
        var confirmed = new CompletableFuture<Void>();
        interest.subscribe(Topic.user(user), confirmed);
        return confirmed;
    }

    private List<CompletableFuture<Void>> crowd(int count) {
        return IntStream.range(0, count).mapToObj(i -> subscribe("c" + i)).toList();
    }

    private void work() {
        for (var round = interest.next(); !round.isEmpty(); round = interest.next()) {
            interest.done(round);
        }
    }

    @Test
    void whoSubscribesWaitsForTheBindingAndWhoComesLaterDoesNot() {
        var first = subscribe("1");
        var round = interest.next();
        assertEquals(1, round.bind().size());
        assertFalse(first.isDone() || interest.isInForce());
        interest.done(round);
        assertTrue(first.isDone() && interest.isInForce() && subscribe("1").isDone());
    }

    @Test
    void anUnneededBindingStaysAWhile() {
        listen("1");
        work();
        interest.unsubscribe(Topic.user("1"));
        now += 5_000;
        assertTrue(interest.next().isEmpty());
        assertTrue(subscribe("1").isDone());
        interest.unsubscribe(Topic.user("1"));
        now += 11_000;
        assertEquals(1, interest.next().unbind().size());
    }

    @Test
    void aBindingNeededAgainWhileItIsRemovedIsMadeAgain() {
        listen("1");
        work();
        interest.unsubscribe(Topic.user("1"));
        now += 11_000;
        var removal = interest.next();
        var again = subscribe("1");
        assertFalse(again.isDone());
        interest.done(removal);
        assertFalse(again.isDone());
        work();
        assertTrue(again.isDone());
    }

    @Test
    void aCrowdIsLetInByEverythingWhichEndsWhenEachHasItsBinding() {
        var crowd = crowd(1_000);
        var round = interest.next();
        assertTrue(round.bindEverything() && round.bind().isEmpty());
        interest.done(round);
        assertTrue(interest.hearsEverything() && crowd.stream().allMatch(CompletableFuture::isDone));
        while (true) {
            round = interest.next();
            if (round.unbindEverything()) {
                break;
            }
            interest.done(round);
        }
        // From now on nobody may rely on everything.
        var late = subscribe("late");
        interest.done(round);
        assertFalse(late.isDone() || interest.hearsEverything());
        work();
        assertTrue(late.isDone());
    }

    @Test
    void tooManyKeepEverythingUntilTheyAreFarFewer() {
        crowd(5_000);
        work();
        assertTrue(interest.hearsEverything() && interest.isInForce());
        IntStream.range(4_000, 5_000).forEach(i -> interest.unsubscribe(Topic.user("c" + i)));
        work();
        assertTrue(interest.hearsEverything());
        IntStream.range(1_000, 4_000).forEach(i -> interest.unsubscribe(Topic.user("c" + i)));
        work();
        assertFalse(interest.hearsEverything());
    }

    @Test
    void afterALostLinkAllIsAskedForAgain() {
        listen("1");
        work();
        interest.doubtAll();
        assertFalse(interest.isInForce());
        var waiting = subscribe("1");
        assertFalse(waiting.isDone());
        work();
        assertTrue(waiting.isDone() && interest.isInForce());
    }

    @Test
    void closingFailsThoseWhoWait() {
        var waiting = subscribe("1");
        interest.close();
        assertTrue(waiting.isCompletedExceptionally());
        assertTrue(subscribe("2").isCompletedExceptionally());
        assertNull(interest.anyOf("anything"));
    }
}
