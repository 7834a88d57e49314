package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Claim;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way in stays with the connection it goes wrong for. */
class AdmissionTest {
    private static final LoginPolicy ONE = new LoginPolicy(LoginPolicy.Scope.USER, LoginPolicy.Strategy.NEWEST);

    private final RecordingBackplane backplane = new RecordingBackplane();

    private TestHub hub(LoginPolicy policy, Handler handler, Authenticator door) {
        Limits few = Limits.DEFAULT.with(limits -> {
            limits.messageBytes = 1024;
            limits.outletBytes = 1024;
            limits.backlogBytes = 1024;
            limits.sessions = 100;
            limits.sessionsPerUser = 2;
            limits.sessionsPerAddress = 2;
            limits.commandsPerSecond = 1_000;
            limits.publishBytesPerSecond = 1_000_000;
            limits.knownTopics = 10;
        });
        return new TestHub(2, backplane, policy, few, handler, door);
    }

    private static int status(TestClient client) {
        Refusal refusal = client.refusal;
        assertNotNull(refusal);
        return refusal.status();
    }

    @Test
    void anOnOpenThatThrowsStrandsNobodyWhoWaitsForTheSameTopic() {
        var handler = new Handler() {
            @Override
            public void onOpen(Session session) {
                if (session.user().equals("bad")) {
                    throw new IllegalStateException("thrown by the test");
                }
            }
        };
        TestHub board = hub(LoginPolicy.MANY, handler, Authenticator.path());
        backplane.confirming = false;
        var bad = board.client(0, "bad", Topic.ALL);
        var good = board.client(0, "good", Topic.ALL);
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertTrue(bad.isAdmitted());
        assertTrue(good.isAdmitted());
    }

    @Test
    void anAuthenticatorThatThrowsRefusesAndLeavesNothingBehind() {
        var failing = new boolean[] {true};
        Authenticator door = (request, claimed) -> {
            if (failing[0]) {
                throw new IllegalStateException("thrown by the test");
            }
            return Authenticator.path().authenticate(request, claimed);
        };
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, door);
        for (int i = 0; i < 5; i++) {
            assertEquals(500, status(board.client(0, "ann")));
        }
        failing[0] = false;
        assertTrue(board.client(0, "ann").isAdmitted());
        assertEquals(1, board.hub.sessionCount());
    }

    @Test
    void anAuthenticatorThatNeverAnswersIsNotWaitedForForever() {
        var never = new CompletableFuture<Authenticator.Verdict>();
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, (request, claimed) -> never);
        var ann = board.client(0, "ann");
        board.pass(10_000);
        assertEquals(503, status(ann));
        never.complete(new Authenticator.Verdict.Accepted("ann"));
        board.settle();
        assertFalse(ann.isAdmitted());
        assertEquals(0, board.hub.sessionCount());
    }

    @Test
    void nobodyHearsTheTopicsOfAPathThatIsAnothers() {
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, new Impostor());
        assertEquals(403, status(board.client(0, "alice", Topic.user("alice"))));
        assertEquals(0, board.hub.sessionCount());
    }

    @Test
    void whoseTokenHasEndedMeanwhileIsLetInAndToldSo() {
        var identity = new Identity("ann", "", null, OptionalLong.of(System.currentTimeMillis() - 1), "t1", List.of());
        TestHub board = hub(
                LoginPolicy.MANY,
                Handler.NONE,
                (request, claimed) -> CompletableFuture.completedFuture(new Authenticator.Verdict.Accepted(identity)));
        assertEquals(List.of("admitted", "closing 4012"), board.client(0, "ann").take());
    }

    @Test
    void sessionIsKnownByItsTokenUntilItEnds() {
        var identity =
                new Identity("ann", "", null, OptionalLong.of(System.currentTimeMillis() + 3_600_000), "t1", List.of());
        TestHub board = hub(
                LoginPolicy.MANY,
                Handler.NONE,
                (request, claimed) -> CompletableFuture.completedFuture(new Authenticator.Verdict.Accepted(identity)));
        var ann = board.client(0, "ann");
        board.pass(120_000);
        assertNull(ann.closed);
        var revoked = board.hub.revoke(Whom.token("t1"), CloseReason.EXPIRED).toCompletableFuture();
        board.settle();
        assertEquals(1, revoked.join().sessions());
        assertEquals(CloseReason.EXPIRED, ann.closed);
    }

    private static final class Impostor implements Authenticator {
        @Override
        public CompletionStage<Verdict> authenticate(Request request, String claimed) {
            return CompletableFuture.completedFuture(new Verdict.Accepted("mallory"));
        }
    }

    @Test
    void drainingWaitsForWhoIsOnItsWayInAndTellsIt() {
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, Authenticator.path());
        backplane.confirming = false;
        var ann = board.client(0, "ann", Topic.ALL);
        var done = board.hub.drain(100).toCompletableFuture();
        board.settle();
        assertFalse(done.isDone(), "drained while somebody was on his way in");
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertEquals(List.of("admitted", "closing 1001"), ann.take());
        ann.vanish();
        board.pass(1_000);
        assertTrue(done.isDone());
    }

    @Test
    void whoIsOnItsWayInKeepsNobodyElseFromBeingSeenOff() {
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, Authenticator.path());
        backplane.confirming = false;
        board.client(0, "waiting", Topic.ALL);
        var ann = board.client(0, "ann");
        board.hub.drain(1_000);
        for (int i = 0; i < 25; i++) {
            board.pass(50);
        }
        assertEquals(CloseReason.DRAINING, closed(ann));
    }

    @Test
    void aListenerThatCameWithoutConfirmationConfirmsNothingForTheNext() {
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, Authenticator.path());
        backplane.confirming = false;
        var first = board.client(0, "first", Topic.ALL);
        board.pass(2_000);
        assertTrue(first.session().degraded());
        var second = board.client(0, "second", Topic.ALL);
        assertFalse(second.isAdmitted(), "admitted though the broker has not confirmed");
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertFalse(second.session().degraded());
    }

    @Test
    void whoCameBeforeTheFirstLinkIsToldThatItMayHaveMissedSomething() {
        backplane.up = false;
        var gaps = new int[1];
        var handler = new Handler() {
            @Override
            public void onGap() {
                gaps[0]++;
            }
        };
        TestHub board = hub(LoginPolicy.MANY, handler, Authenticator.path());
        var ann = board.client(0, "ann", Topic.ALL);
        assertTrue(ann.session().degraded());
        backplane.comesUp();
        board.settle();
        assertEquals(1, gaps[0]);
        assertEquals(List.of("admitted", "gap"), ann.take());
    }

    @Test
    void whoTookAPlaceAndVanishedStillTookIt() {
        TestHub board = hub(ONE, Handler.NONE, Authenticator.path());
        var first = board.client(0, "ann");
        backplane.confirming = false;
        var second = board.client(0, "ann", Topic.ALL);
        second.gone = true;
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertEquals(CloseReason.REPLACED, first.closed);
    }

    @Test
    void limitsPerUserAndAddressCountWhoIsHereAndNoMore() {
        TestHub board = hub(LoginPolicy.MANY, Handler.NONE, Authenticator.path());
        var one = board.client(0, "ann");
        var two = board.client(1, "ann");
        assertEquals(429, status(board.client(0, "ann")));
        one.vanish();
        two.vanish();
        assertTrue(board.client(0, "ann").isAdmitted());
    }

    /** A directory whose store does not answer. */
    private static final class Down implements Directory {
        private static <T> CompletionStage<T> failed() {
            return CompletableFuture.failedFuture(new IllegalStateException("failed by the test"));
        }

        @Override
        public CompletionStage<Result> claim(Claim claim, LoginPolicy policy, View view) {
            return failed();
        }

        @Override
        public CompletionStage<Boolean> release(Claim claim) {
            return failed();
        }

        @Override
        public CompletionStage<List<Claim>> find(String user) {
            return failed();
        }

        @Override
        public CompletionStage<Pulse> beat(Origin self, long count, Set<Long> lapsed) {
            return failed();
        }

        @Override
        public void close() {}
    }

    @Test
    void whileTheDirectoryIsDownTheNodeDecidesForItself() {
        var board = new TestHub(2, backplane, ONE, Limits.DEFAULT, Handler.NONE, Authenticator.path(), new Down());
        var first = board.client(0, "ann");
        var second = board.client(1, "ann");
        assertTrue(second.isAdmitted());
        assertEquals(CloseReason.REPLACED, closed(first));
    }

    private static @Nullable CloseReason closed(TestClient client) {
        return client.closed;
    }

    @Test
    void aHandlerThatFailsAfterAWaitEndsThatSessionOnly() {
        var later = new CompletableFuture<Handler.Decision>();
        var handler = new Handler() {
            @Override
            public CompletionStage<Decision> onJoin(Session session, Topic topic) {
                return later.thenApply(decision -> null);
            }
        };
        TestHub board = hub(LoginPolicy.MANY, handler, Authenticator.path());
        var ann = board.client(0, "ann");
        var ben = board.client(0, "ben");
        ann.says("join group:g1");
        later.complete(Handler.Decision.ALLOW);
        board.settle();
        assertEquals(CloseReason.INTERNAL, closed(ann));
        ben.says("echo still");
        assertEquals("still", ben.heard.getLast());
    }
}
