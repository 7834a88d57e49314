package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubTest {
    private static final Topic G1 = Topic.group("g1");

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final TestHub board = new TestHub(2, backplane);

    @AfterEach
    void everyBatchWasReleased() {
        assertEquals(0, board.framing.held.get());
    }

    @Test
    void aGroupHearsWhatIsPublishedAndTheSenderDoesNot() {
        var ann = board.client(0, "ann", G1);
        var ben = board.client(0, "ben", G1);
        var cleo = board.client(1, "cleo", G1);
        ann.says("pub group:g1 hello");
        assertEquals(List.of("admitted"), ann.take());
        assertEquals(List.of("admitted", "group:g1 ann: hello"), ben.take());
        assertEquals(List.of("admitted", "group:g1 ann: hello"), cleo.take());
    }

    @Test
    void aTurnsMessagesAreEncodedOnceAndSentOnceToEachListener() {
        var ann = board.client(0, "ann", G1);
        var listeners = new ArrayList<TestClient>();
        for (int i = 0; i < 10; i++) {
            listeners.add(board.client(0, "u" + i, G1));
        }
        for (int i = 0; i < 16; i++) {
            ann.sends("pub group:g1 m" + i);
        }
        board.endpoint.encoded = 0;
        board.settle();
        assertEquals(16, board.endpoint.encoded);
        for (TestClient listener : listeners) {
            assertEquals(17, listener.heard.size());
            assertEquals("group:g1 ann: m15", listener.heard.getLast());
            assertEquals(1, listener.sends);
        }
    }

    @Test
    void whatArrivesBeforeALongTurnSharesItsSends() {
        var ann = board.client(0, "ann", G1);
        List<TestClient> listeners = crowd(300);
        for (int i = 1; i < 5; i++) {
            int number = i;
            board.loops.getFirst().input.add(() -> ann.sends("pub group:g1 m" + number));
        }
        ann.sends("pub group:g1 m0");
        board.settle();
        assertEquals(
                List.of(1),
                listeners.stream().map(each -> each.sends).distinct().toList());
        assertEquals("group:g1 ann: m4", listeners.getLast().heard.getLast());
    }

    @Test
    void aShortTurnDoesNotLookForMore() {
        var ann = board.client(0, "ann", G1);
        crowd(50);
        ann.says("pub group:g1 m0");
        assertEquals(0, board.loops.getFirst().looks);
    }

    @Test
    void aFloodDoesNotPutOffATurnForever() {
        var ann = board.client(0, "ann", G1);
        List<TestClient> listeners = crowd(300);
        for (int i = 0; i < 1_000; i++) {
            board.loops.getFirst().input.add(() -> ann.sends("pub group:g1 flood"));
        }
        ann.sends("pub group:g1 flood");
        board.settle();
        assertEquals(4, listeners.getLast().sends, "1,001 messages, 256 at a time");
    }

    private List<TestClient> crowd(int count) {
        var listeners = new ArrayList<TestClient>();
        for (int i = 0; i < count; i++) {
            listeners.add(board.client(0, "u" + i, G1));
        }
        listeners.forEach(each -> each.sends = 0);
        return listeners;
    }

    @Test
    void aSenderHearsTheOthersMessagesOfTheSameTurnInOrder() {
        var ann = board.client(0, "ann", G1);
        var ben = board.client(0, "ben", G1);
        board.client(0, "cleo", G1);
        ann.sends("pub group:g1 a1");
        ben.sends("pub group:g1 b1");
        ann.sends("pub group:g1 a2");
        ben.sends("pub group:g1 b2");
        board.settle();
        assertEquals(List.of("admitted", "group:g1 ben: b1", "group:g1 ben: b2"), ann.take());
        assertEquals(List.of("admitted", "group:g1 ann: a1", "group:g1 ann: a2"), ben.take());
    }

    @Test
    void whoJoinsHearsNothingOfBeforeAndWhoLeavesMissesNothing() {
        var ann = board.client(0, "ann", G1);
        var ben = board.client(0, "ben", G1);
        var cleo = board.client(0, "cleo");
        ann.sends("pub group:g1 before");
        cleo.sends("join group:g1");
        ann.sends("pub group:g1 between");
        ben.sends("leave group:g1");
        ann.sends("pub group:g1 after");
        board.settle();
        assertEquals(
                List.of("admitted", "joined group:g1", "group:g1 ann: between", "group:g1 ann: after"), cleo.take());
        assertEquals(List.of("admitted", "group:g1 ann: before", "group:g1 ann: between", "left group:g1"), ben.take());
    }

    @Test
    void theFirstListenerSubscribesTheNodeOnceAndTheLastOneUnsubscribesAfterASecond() {
        var ann = board.client(0, "ann", G1);
        var ben = board.client(1, "ben", G1);
        assertEquals(List.of("SUBSCRIBE group:g1"), backplane.traffic);
        ann.vanish();
        ben.vanish();
        board.pass(Interests.LINGER_MILLIS - 1);
        assertEquals(List.of("SUBSCRIBE group:g1"), backplane.traffic);
        board.passLinger();
        assertEquals(List.of("SUBSCRIBE group:g1", "UNSUBSCRIBE group:g1"), backplane.traffic);
    }

    @Test
    void aListenerThatComesBackInTimeCostsTheBrokerNothing() {
        board.client(0, "ann", G1).vanish();
        board.pass(500);
        var ben = board.client(1, "ben", G1);
        board.pass(5_000);
        assertEquals(List.of("SUBSCRIBE group:g1"), backplane.traffic);
        backplane.receive(Publication.of(G1, Message.text("still here")));
        board.settle();
        assertEquals("group:g1 : still here", ben.heard.getLast());
    }

    @Test
    void aSessionIsAdmittedOnlyOnceTheBrokerConfirmed() {
        backplane.confirming = false;
        var ann = board.client(0, "ann", G1);
        assertFalse(ann.isAdmitted());
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertTrue(ann.isAdmitted());
        assertFalse(ann.session().degraded());
    }

    @Test
    void withoutConfirmationASessionIsAdmittedAsDegradedAfterTwoSeconds() {
        backplane.confirming = false;
        var ann = board.client(0, "ann", G1);
        board.pass(2_000);
        assertTrue(ann.session().degraded());
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertFalse(board.client(0, "ben", G1).session().degraded());
    }

    @Test
    void withTheLinkDownASessionIsAdmittedAtOnceAndFlagged() {
        backplane.confirming = false;
        backplane.up = false;
        assertTrue(board.client(0, "ann", G1).session().degraded());
    }

    @Test
    void commandsWaitForTheJoinBeforeThemAndTheClientIsNotReadFromMeanwhile() {
        var ann = board.client(0, "ann");
        backplane.confirming = false;
        ann.says("join group:g1");
        ann.says("echo one");
        ann.says("join group:g2");
        ann.says("echo two");
        assertTrue(ann.paused);
        assertEquals(List.of("admitted"), ann.take());
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertEquals(List.of("joined group:g1", "one"), ann.take());
        assertTrue(ann.paused);
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        assertEquals(List.of("joined group:g2", "two"), ann.take());
        assertFalse(ann.paused);
    }

    @Test
    void aConnectionThatGivesUpWhileWaitingLeavesNothingBehind() {
        backplane.confirming = false;
        var ann = board.client(0, "ann", G1);
        ann.gone = true;
        backplane.unconfirmed.removeFirst().complete(null);
        board.settle();
        board.passLinger();
        assertEquals(List.of("SUBSCRIBE group:g1", "UNSUBSCRIBE group:g1"), backplane.traffic);
        assertEquals(0, board.hub.sessionCount());
        assertFalse(ann.isAdmitted());
    }

    @Test
    void aMessageThatCannotBeEncodedTakesNoOtherWithIt() {
        var ann = board.client(0, "ann", G1);
        var ben = board.client(0, "ben", G1);
        var cleo = board.client(0, "cleo", G1);
        ann.sends("pub group:g1 one");
        ann.sends("pub group:g1 unspeakable");
        ann.sends("pub group:g1 three");
        board.settle();
        for (TestClient client : List.of(ben, cleo)) {
            assertEquals(List.of("admitted", "group:g1 ann: one", "group:g1 ann: three"), client.take());
        }
        ben.vanish();
        cleo.vanish();
        var dora = board.client(0, "dora", G1);
        ann.says("leave group:g1");
        ann.says("join group:g1");
        dora.says("pub group:g1 unspeakable");
        dora.says("pub group:g1 fine");
        assertEquals("group:g1 dora: fine", ann.heard.getLast());
    }

    @Test
    void anExcludedSessionIsPassedOverHoweverManyListen() {
        var ann = board.client(0, "ann", G1);
        var exclude = new Sender("", ann.session().id());
        for (int listeners = 1; listeners <= 3; listeners++) {
            var outcome = board.hub.publish(G1, Message.text("x"), exclude, Exclusion.SESSION);
            board.settle();
            assertTrue(outcome.toCompletableFuture().isDone());
            assertEquals(1, ann.heard.size(), "with " + listeners + " listeners");
            board.client(0, "u" + listeners, G1);
        }
    }

    @Test
    void theAnonymousAreNotOneUser() {
        var one = board.client(0, "", G1);
        var two = board.client(0, "", G1);
        one.says("pub group:g1 hi");
        assertEquals("group:g1 : hi", two.heard.getLast());
    }

    @Test
    void onlyMessagesAreSpelledAsMessages() {
        var ann = board.client(0, "ann", G1);
        backplane.receive(Publication.of(G1, Message.text("")).asKind(Publication.Kind.JOIN));
        backplane.receive(Publication.of(G1, Message.text("")).asKind(Publication.Kind.CONTROL));
        board.settle();
        assertEquals(List.of("admitted"), ann.take());
    }

    @Test
    void onlyListenersMayPublishToAGroupAndTheAnswerTellsWhetherItExists() {
        var ann = board.client(0, "ann");
        ann.says("pub group:g1 hi");
        board.client(1, "ben", G1);
        ann.says("pub group:g1 hi");
        assertEquals(List.of("admitted", "refused UNKNOWN_TOPIC", "refused NOT_A_LISTENER"), ann.take());
        assertEquals(2, board.meters.sum("switchboard.commands.refused"));
    }

    @Test
    void usersTopicsAreTheirOwn() {
        var ann = board.client(0, "ann");
        ann.says("join user:ben");
        ann.says("join user:ann");
        ann.says("join session:x");
        ann.says("pub node:x y");
        assertEquals(
                List.of(
                        "admitted",
                        "refused NOT_PERMITTED",
                        "joined user:ann",
                        "refused NOT_PERMITTED",
                        "refused NOT_PERMITTED"),
                ann.take());
    }

    @Test
    void theNewestSessionOfAUserAndDeviceReplacesTheOlderOne() {
        var one = new TestHub(
                2,
                new RecordingBackplane(),
                new LoginPolicy(LoginPolicy.Scope.DEVICE, LoginPolicy.Strategy.NEWEST),
                Limits.DEFAULT,
                Handler.NONE);
        var old = one.client(0, "ann", "phone", Topic.user("ann"));
        var desk = one.client(0, "ann", "desk", Topic.user("ann"));
        var young = one.client(1, "ann", "phone", Topic.user("ann"));
        assertEquals(CloseReason.REPLACED, old.closed);
        assertEquals(List.of("admitted", "closing 4001"), old.take());
        assertTrue(young.isAdmitted());
        assertEquals(null, desk.closed);
        old.vanish();
        one.client(0, "ben").says("pub user:ann hi");
        assertEquals(List.of("admitted", "user:ann ben: hi"), young.take());
        assertEquals(List.of("admitted", "user:ann ben: hi"), desk.take());
    }

    @Test
    void aSessionThatIsToldToGoBeforeItIsAdmittedGetsItsAnswerFirst() {
        var slow = new RecordingBackplane();
        slow.confirming = false;
        var policy = new LoginPolicy(LoginPolicy.Scope.DEVICE, LoginPolicy.Strategy.NEWEST);
        var one = new TestHub(1, slow, policy, Limits.DEFAULT, Handler.NONE);
        var old = one.client(0, "ann", G1);
        var ben = one.client(0, "ben", G1);
        var young = one.client(0, "ann");
        assertTrue(young.isAdmitted());
        assertEquals(List.of(), old.take());
        assertEquals(null, old.closed);
        slow.unconfirmed.forEach(future -> future.complete(null));
        one.settle();
        assertEquals(List.of("admitted", "closing 4001"), old.take());
        assertEquals(CloseReason.REPLACED, old.closed);
        slow.receive(Publication.of(G1, Message.text("hello")));
        one.settle();
        assertEquals(List.of(), old.take());
        assertEquals(List.of("admitted", "group:g1 : hello"), ben.take());
    }

    @Test
    void drainingClosesWhoWasJustComingAfterItsAnswer() {
        backplane.confirming = false;
        var ann = board.client(0, "ann", G1);
        board.hub.drain(0);
        board.settle();
        assertEquals(List.of(), ann.take());
        backplane.unconfirmed.forEach(future -> future.complete(null));
        board.settle();
        assertEquals(List.of("admitted", "closing 1001"), ann.take());
        assertEquals(CloseReason.DRAINING, ann.closed);
    }

    @Test
    void theOldestSessionStaysWhereThePolicySaysSo() {
        var one = new TestHub(
                1,
                new RecordingBackplane(),
                new LoginPolicy(LoginPolicy.Scope.USER, LoginPolicy.Strategy.OLDEST),
                Limits.DEFAULT,
                Handler.NONE);
        var old = one.client(0, "ann");
        var young = one.client(0, "ann");
        assertEquals(409, assertNotNullAnd(young.refusal).status());
        old.vanish();
        assertTrue(one.client(0, "ann").isAdmitted());
    }

    private static <T> T assertNotNullAnd(@Nullable T value) {
        assertNotNull(value);
        return value;
    }

    @Test
    void aSessionThatTakesNothingIsClosedWhenItsBacklogIsFullAndNobodyElseNotices() {
        var slow = board.client(0, "slow", G1);
        var ben = board.client(0, "ben", G1);
        var ann = board.client(1, "ann", G1);
        slow.answer = Outlet.Offer.REFUSED;
        String hi = "hi".repeat(Limits.DEFAULT.backlogBytes() / 20);
        for (int i = 0; i < 10; i++) {
            assertEquals(null, slow.closed);
            ann.says("pub group:g1 " + hi);
        }
        assertEquals(CloseReason.SLOW, slow.closed);
        assertEquals("group:g1 ann: " + hi, ben.heard.getLast());
        slow.vanish();
        ann.says("pub group:g1 ho");
        assertEquals("group:g1 ann: ho", ben.heard.getLast());
    }

    @Test
    void anApplicationThatDecidesLaterPausesThatSessionOnly() {
        var decision = new CompletableFuture<Handler.Decision>();
        var handler = new Handler() {
            @Override
            public CompletableFuture<Decision> onPublish(Session session, Topic topic, Message message) {
                return session.user().equals("ann") ? decision : CompletableFuture.completedFuture(Decision.ALLOW);
            }
        };
        var one = new TestHub(1, backplane, LoginPolicy.MANY, Limits.DEFAULT, handler);
        var ann = one.client(0, "ann", G1);
        var ben = one.client(0, "ben", G1);
        ann.says("pub group:g1 from ann");
        ann.says("echo later");
        ben.says("pub group:g1 from ben");
        assertEquals(List.of("admitted", "group:g1 ben: from ben"), ann.take());
        assertTrue(ann.paused);
        decision.complete(Handler.Decision.deny("no"));
        one.settle();
        assertEquals(List.of("refused NOT_PERMITTED", "later"), ann.take());
        assertFalse(ann.paused);
        assertEquals(List.of("admitted"), ben.take());
    }

    @Test
    void anApplicationThatNeverAnswersIsNotWaitedForForever() {
        var handler = new Handler() {
            @Override
            public CompletableFuture<Decision> onJoin(Session session, Topic topic) {
                return new CompletableFuture<>();
            }
        };
        var one = new TestHub(1, backplane, LoginPolicy.MANY, Limits.DEFAULT, handler);
        var ann = one.client(0, "ann");
        ann.says("join group:g1");
        one.pass(5_000);
        assertEquals(List.of("admitted", "refused NOT_PERMITTED"), ann.take());
        assertFalse(ann.paused);
    }

    @Test
    void drainingClosesEverybodyInStepsAndRefusesNewcomers() {
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < 100; i++) {
            clients.add(board.client(i % 2, "u" + i, G1));
        }
        var done = board.hub.drain(1_000).toCompletableFuture();
        board.settle();
        long first = clients.stream().filter(client -> client.closed != null).count();
        assertTrue(first > 0 && first < 20, "closed at once: " + first);
        for (int i = 0; i < 25; i++) {
            board.pass(50);
        }
        assertTrue(clients.stream().allMatch(client -> CloseReason.DRAINING.equals(client.closed)));
        assertFalse(done.isDone());
        assertEquals(503, assertNotNullAnd(board.client(0, "late").refusal).status());
        clients.forEach(TestClient::vanish);
        board.pass(50);
        assertTrue(done.isDone());
    }

    @Test
    void aThousandSessionsComingAndGoingLeaveNothingBehind() {
        for (int round = 0; round < 10; round++) {
            var clients = new ArrayList<TestClient>();
            for (int i = 0; i < 100; i++) {
                clients.add(board.client(i % 2, "u" + i, Topic.user("u" + i), Topic.ALL));
            }
            clients.forEach(TestClient::vanish);
        }
        board.passLinger();
        assertEquals(0, board.hub.sessionCount());
        assertEquals(0, board.meters.sum("switchboard.topics"));
    }
}
