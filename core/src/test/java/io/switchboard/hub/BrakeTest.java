package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publishers wait for listeners that do not keep up: for a second, and not for one among many. */
class BrakeTest {
    private static final Topic G1 = Topic.group("g1");
    private static final String LARGE = "x".repeat(600);

    private final TestHub board = new TestHub(2, new RecordingBackplane());

    @AfterEach
    void everyBatchWasReleased() {
        assertEquals(0, board.framing.held.get());
    }

    private TestClient slow(int loop, String user, Topic... topics) {
        var slow = board.client(loop, user, topics);
        slow.limit = 1_000;
        return slow;
    }

    private void crowd(int loop, int count) {
        for (int i = 0; i < count; i++) {
            board.client(loop, "crowd" + loop + "." + i, G1);
        }
    }

    private void passes(int millis) {
        for (long passed = 0; passed < millis; passed += PressedSessions.TICK_MILLIS) {
            board.pass(PressedSessions.TICK_MILLIS);
        }
    }

    @Test
    void whoWritesToASlowReceiverWaitsUntilItHasCaughtUp() {
        for (int loop = 0; loop < 2; loop++) {
            var ben = slow(0, "ben" + loop, Topic.user("ben" + loop));
            var ann = board.client(loop, "ann");
            ann.says("pub user:ben" + loop + " " + LARGE);
            assertFalse(ann.paused);
            ann.says("pub user:ben" + loop + " more");
            assertTrue(ann.paused);
            assertEquals(loop + 1, board.meters.sum("switchboard.publishers.slowed"));
            assertEquals(3, join(ben));
            assertFalse(ann.paused);
            ann.says("pub user:ben" + loop + " still");
            assertFalse(ann.paused);
        }
    }

    private static int join(TestClient client) {
        int before = client.take().size();
        return before + client.readsAll().size();
    }

    @Test
    void itWaitsASecondAtMostAndOnceForEachTimeTheOtherFallsBehind() {
        var ben = slow(0, "ben", Topic.user("ben"));
        var ann = board.client(1, "ann");
        ann.says("pub user:ben " + LARGE);
        ann.says("pub user:ben more");
        assertTrue(ann.paused);
        passes(1_000);
        assertFalse(ann.paused);
        ann.says("pub user:ben more");
        assertFalse(ann.paused);
        ben.readsAll();
        ann.says("pub user:ben " + LARGE);
        ann.says("pub user:ben more");
        assertTrue(ann.paused);
    }

    @Test
    void oneSlowListenerAmongManySlowsNobody() {
        crowd(0, 8);
        var ann = board.client(0, "ann", G1);
        var slow = slow(0, "slow", G1);
        ann.says("pub group:g1 " + LARGE);
        ann.says("pub group:g1 more");
        assertFalse(ann.paused);
        assertEquals(1, board.meters.sum("switchboard.sessions.pressed"));
        assertEquals(3, join(slow));
    }

    @Test
    void theListenersOfTheWholeNodeCount() {
        crowd(1, 20);
        var ann = board.client(1, "ann", G1);
        slow(0, "slow", G1);
        ann.says("pub group:g1 " + LARGE);
        ann.says("pub group:g1 more");
        assertFalse(ann.paused);
        slow(0, "slow2", G1);
        slow(1, "slow3", G1);
        ann.says("pub group:g1 " + LARGE);
        passes(250);
        ann.says("pub group:g1 more");
        assertTrue(ann.paused);
    }

    @Test
    void aListenerThatGoesHoldsNobodyBack() {
        var ben = slow(0, "ben", Topic.user("ben"));
        var ann = board.client(1, "ann");
        ann.says("pub user:ben " + LARGE);
        ann.says("pub user:ben more");
        assertTrue(ann.paused);
        ben.vanish();
        assertFalse(ann.paused);
    }

    @Test
    void aPublisherThatGoesIsNotLookedFor() {
        var ben = slow(0, "ben", Topic.user("ben"));
        var ann = board.client(1, "ann");
        ann.says("pub user:ben " + LARGE);
        ann.says("pub user:ben more");
        ann.vanish();
        var other = board.client(1, "other");
        ben.readsAll();
        assertEquals(0, other.pauses);
        assertEquals(0, board.meters.sum("switchboard.sessions.pressed"));
    }

    @Test
    void whoDoesNotTakeItsOwnAnswersIsNotReadFromEither() {
        var ann = slow(0, "ann");
        ann.says("echo " + LARGE);
        assertFalse(ann.paused);
        ann.says("echo more");
        assertTrue(ann.paused);
        assertEquals(3, join(ann));
        assertFalse(ann.paused);
    }

    /** A command that waits and a listener that is slow: reading goes on when both are over, in either order. */
    @Test
    void neitherReasonToWaitUndoesTheOther() {
        for (boolean commandFirst : new boolean[] {true, false}) {
            var decision = new CompletableFuture<Handler.Decision>();
            var handler = new Handler() {
                @Override
                public CompletableFuture<Decision> onPublish(Session session, Topic topic, Message message) {
                    return message.asText().equals("ask")
                            ? decision
                            : CompletableFuture.completedFuture(Decision.ALLOW);
                }
            };
            var one = new TestHub(1, new RecordingBackplane(), LoginPolicy.MANY, Limits.DEFAULT, handler);
            var ben = one.client(0, "ben", Topic.user("ben"));
            ben.limit = 1_000;
            var ann = one.client(0, "ann");
            ann.says("pub user:ben " + LARGE);
            ann.says("pub user:ben more");
            ann.says("pub user:ben ask");
            assertTrue(ann.paused);
            assertEquals(1, ann.pauses);
            if (commandFirst) {
                decision.complete(Handler.Decision.ALLOW);
                one.settle();
                assertTrue(ann.paused);
                ben.readsAll();
            } else {
                ben.readsAll();
                assertTrue(ann.paused);
                decision.complete(Handler.Decision.ALLOW);
                one.settle();
            }
            assertFalse(ann.paused);
        }
    }
}
