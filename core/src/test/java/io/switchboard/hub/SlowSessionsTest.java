package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.protocol.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session hears that does not keep up, and that nobody else is the worse for it. */
class SlowSessionsTest {
    private static final Topic G1 = Topic.group("g1");
    private static final int OUTLET = 1_000;

    /** A message of which the outlet takes six before it is pressed, and the backlog holds nine. */
    private static final String PAD = "_".repeat(80);

    private static final int HOLDS = 9;

    private static final int BACKLOG = HOLDS * (83 + FanOut.OVERHEAD);

    private final TestHub board = new TestHub(2, new RecordingBackplane(), LoginPolicy.MANY, limits(), Handler.NONE);

    private static Limits limits() {
        return Limits.DEFAULT.with(limits -> {
            limits.messageBytes = OUTLET;
            limits.outletBytes = OUTLET;
            limits.backlogBytes = BACKLOG;
        });
    }

    @AfterEach
    void everyBatchWasReleased() {
        assertEquals(0, board.framing.held.get(), "batches held");
    }

    private long meter(String name) {
        return board.meters.sum(name);
    }

    private long dropped(String policy) {
        return board.meters.all().stream()
                .filter(meter -> meter.name().equals("switchboard.dropped")
                        && meter.labels().contains(policy))
                .mapToLong(meter -> meter.value().getAsLong())
                .sum();
    }

    private void nobodyIsPressed() {
        assertEquals(0, meter("switchboard.sessions.pressed"));
        assertEquals(0, meter("switchboard.backlog.bytes"));
    }

    private static String text(int number) {
        return String.format("%03d", number) + PAD;
    }

    private static List<String> heard(Topic topic, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> topic + " ann: " + text(i))
                .toList();
    }

    private static List<String> join(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Ann speaks, quick listeners are there as well, and slow has its outlet pressed: it has heard 0 to 5. */
    private final class Scene {
        final Topic topic;
        final TestClient ann;
        final TestClient quick;
        final TestClient slow;
        int next;

        Scene(Topic topic, Topic... more) {
            this.topic = topic;
            var topics = new ArrayList<>(List.of(more));
            topics.addFirst(topic);
            Topic[] all = topics.toArray(new Topic[0]);
            ann = board.client(0, "ann", all);
            quick = board.client(0, "quick", topic);
            for (int i = 0; i < 20; i++) {
                board.client(0, "crowd" + i, topic);
            }
            slow = board.client(0, "slow", all);
            slow.limit = OUTLET;
            says(6);
            assertEquals(join(List.of("admitted"), heard(topic, 0, 6)), slow.take());
            assertEquals(1, meter("switchboard.sessions.pressed"));
        }

        void says(int count) {
            for (int i = 0; i < count; i++) {
                ann.says("pub " + topic + " " + text(next++));
            }
        }
    }

    @Test
    void aPressedSessionHearsTheRestInOrderWhenItsOutletHasDrained() {
        var scene = new Scene(G1);
        scene.says(5);
        assertEquals(List.of(), scene.slow.take());
        assertTrue(meter("switchboard.backlog.bytes") > 5 * 80);
        assertEquals(join(List.of("admitted"), heard(G1, 0, 11)), scene.quick.take());
        assertEquals(heard(G1, 6, 11), scene.slow.readsAll());
        nobodyIsPressed();
        scene.says(1);
        assertEquals(heard(G1, 11, 12), scene.slow.take());
        assertEquals(1, meter("switchboard.pressed"));
    }

    @Test
    void itIsRefilledInPortionsAndNoFurtherThanHalf() {
        var scene = new Scene(G1);
        scene.says(HOLDS);
        scene.slow.reads();
        int first = scene.slow.take().size();
        assertTrue(first > 2 && first < HOLDS, "heard at once: " + first);
        assertTrue(scene.slow.waiting > OUTLET / 2 && scene.slow.waiting < OUTLET, "waiting: " + scene.slow.waiting);
        assertEquals(heard(G1, 6 + first, 6 + HOLDS), scene.slow.readsAll());
        nobodyIsPressed();
    }

    @Test
    void nothingIsEncodedForItBeforeItDrainsAndForTheOthersOnce() {
        var scene = new Scene(G1);
        board.endpoint.encoded = 0;
        scene.says(3);
        assertEquals(3, board.endpoint.encoded);
        scene.slow.readsAll();
        assertEquals(6, board.endpoint.encoded);
    }

    @Test
    void answersToItsOwnCommandsKeepTheirPlace() {
        var scene = new Scene(G1);
        scene.says(1);
        scene.slow.sends("echo one");
        board.settle();
        scene.says(1);
        scene.slow.sends("join group:g2");
        scene.slow.sends("echo two");
        board.settle();
        scene.says(1);
        assertEquals(
                List.of(
                        "group:g1 ann: " + text(6),
                        "one",
                        "group:g1 ann: " + text(7),
                        "joined group:g2",
                        "two",
                        "group:g1 ann: " + text(8)),
                scene.slow.readsAll());
    }

    @Test
    void exclusionsHoldWhileItIsPressed() {
        var scene = new Scene(G1);
        scene.says(1);
        scene.slow.sends("pub group:g1 mine");
        scene.ann.sends("pub group:g1 " + text(7));
        board.settle();
        assertEquals("group:g1 slow: mine", scene.quick.heard.get(scene.quick.heard.size() - 2));
        assertEquals(heard(G1, 6, 8), scene.slow.readsAll());
    }

    @Test
    void aPartOfABatchThatIsRefusedWaitsWithTheExclusionsOfTheBatch() {
        var scene = new Scene(G1);
        scene.slow.readsAll();
        nobodyIsPressed();
        // One turn, one batch: two slices for the slow one, of which its outlet takes the first.
        for (int i = 6; i < 12; i++) {
            scene.ann.sends("pub group:g1 " + text(i));
        }
        scene.slow.sends("pub group:g1 mine");
        for (int i = 12; i < 18; i++) {
            scene.ann.sends("pub group:g1 " + text(i));
        }
        board.settle();
        assertEquals(heard(G1, 6, 12), scene.slow.take());
        assertEquals(heard(G1, 12, 18), scene.slow.readsAll());
    }

    @Test
    void whatIsLargerThanTheRoomLeftWaitsInsteadOfClosingTheSession() {
        var ann = board.client(0, "ann", G1);
        var slow = board.client(0, "slow", G1);
        board.client(0, "quick", G1);
        slow.limit = OUTLET;
        ann.says("pub group:g1 " + "a".repeat(300));
        ann.says("pub group:g1 " + "b".repeat(800));
        ann.says("pub group:g1 c");
        assertEquals(2, slow.take().size());
        assertNull(slow.closed);
        assertEquals(List.of("group:g1 ann: " + "b".repeat(800), "group:g1 ann: c"), slow.readsAll());
        nobodyIsPressed();
    }

    @Test
    void ownFramesThatAreRefusedWaitBeforeWhatComesAfterThem() {
        var slow = board.client(0, "slow", G1);
        var ann = board.client(0, "ann", G1);
        board.client(0, "quick", G1);
        slow.limit = OUTLET;
        slow.waiting = 400;
        slow.take();
        for (int i = 0; i < 5; i++) {
            slow.sends("echo " + text(i) + text(i));
        }
        board.settle();
        ann.says("pub group:g1 after");
        assertEquals(List.of(), slow.take());
        var all = slow.readsAll();
        assertEquals(6, all.size());
        assertEquals(text(0) + text(0), all.getFirst());
        assertEquals("group:g1 ann: after", all.getLast());
        nobodyIsPressed();
    }

    @Test
    void aPressedSessionJoinsAndLeavesLikeOthers() {
        var scene = new Scene(G1);
        scene.ann.says("join group:g2");
        scene.slow.says("join group:g2");
        scene.ann.says("pub group:g2 hello");
        assertEquals(1, pressedListeners(G1));
        scene.slow.says("leave group:g1");
        assertEquals(0, pressedListeners(G1));
        scene.says(1);
        scene.slow.says("leave group:g2");
        scene.ann.says("pub group:g2 nobody");
        assertEquals(
                List.of("joined group:g2", "group:g2 ann: hello", "left group:g1", "left group:g2"),
                scene.slow.readsAll());
        nobodyIsPressed();
        scene.slow.says("join group:g1");
        scene.says(1);
        assertEquals(List.of("joined group:g1", "group:g1 ann: " + text(7)), scene.slow.take());
    }

    /** Zero is what lets a batch walk past nobody. */
    private int pressedListeners(Topic topic) {
        Members members = board.hub.shard(0).members(topic);
        return members == null ? 0 : members.pressed;
    }

    @Test
    void aTopicsLastListenerMayBePressedAndLeave() {
        var slow = board.client(0, "slow", Topic.user("slow"));
        var ann = board.client(1, "ann");
        slow.limit = OUTLET;
        for (int i = 0; i < 8; i++) {
            ann.says("pub user:slow " + text(i));
        }
        assertEquals(7, slow.take().size());
        slow.says("leave user:slow");
        assertEquals(3, slow.readsAll().size());
        nobodyIsPressed();
    }

    @Test
    void whoVanishesWhilePressedLeavesNothingBehind() {
        var scene = new Scene(G1);
        scene.says(3);
        scene.slow.vanish();
        nobodyIsPressed();
        assertEquals(0, meter("switchboard.dropped"));
        scene.says(1);
        assertEquals("group:g1 ann: " + text(9), scene.quick.heard.getLast());
    }

    @Test
    void whoIsClosedWhilePressedHearsWhatItsOutletTakesAndThenTheReason() {
        var scene = new Scene(G1);
        scene.says(5);
        board.hub.close(scene.slow.session().id(), CloseReason.REPLACED);
        board.settle();
        var last = new ArrayList<>(scene.slow.take());
        assertEquals("closing 4001", last.removeLast());
        assertEquals(3, last.size());
        assertEquals(heard(G1, 6, 6 + last.size()), last);
        assertEquals(CloseReason.REPLACED, scene.slow.closed);
        assertEquals(5 - last.size(), dropped("disconnect"));
        nobodyIsPressed();
        scene.slow.vanish();
    }

    @Test
    void refusedOwnFramesDoNotLeakWhenTheSessionEnds() {
        var slow = board.client(0, "slow", G1);
        slow.answer = Outlet.Offer.REFUSED;
        slow.says("echo one");
        assertEquals(1, board.framing.held.get());
        slow.vanish();
        nobodyIsPressed();
    }

    @Test
    void whereThePolicyIsDisconnectTheSessionIsClosedWhenItsBacklogIsFull() {
        var scene = new Scene(G1);
        scene.says(HOLDS);
        assertNull(scene.slow.closed);
        scene.says(1);
        assertEquals(CloseReason.SLOW, scene.slow.closed);
        assertEquals(1, meter("switchboard.closed.slow"));
        assertEquals(HOLDS, dropped("disconnect"));
        nobodyIsPressed();
        assertEquals(join(List.of("admitted"), heard(G1, 0, 7 + HOLDS)), scene.quick.take());
    }

    @Test
    void whereThePolicyIsToDropTheOldestItHearsTheNewestAndThatThereIsAGap() {
        Topic topic = Topic.of("oldest:a");
        var scene = new Scene(topic);
        scene.says(20);
        assertNull(scene.slow.closed);
        assertEquals(join(List.of("gap oldest:a"), heard(topic, 26 - HOLDS, 26)), scene.slow.readsAll());
        assertEquals(20 - HOLDS, dropped("drop_oldest"));
        assertEquals(1, meter("switchboard.dropped.gaps"));
        nobodyIsPressed();
        assertEquals(join(List.of("admitted"), heard(topic, 0, 26)), scene.quick.take());
    }

    @Test
    void whereThePolicyIsToDropTheNewestItHearsTheOldestAndThatThereIsAGap() {
        Topic topic = Topic.of("newest:a");
        var scene = new Scene(topic);
        scene.says(20);
        scene.slow.sends("echo here");
        board.settle();
        assertNull(scene.slow.closed);
        // The answer does not fit either, and may not be dropped: the oldest one makes room for it.
        var heard = scene.slow.readsAll();
        assertEquals("here", heard.getLast());
        assertEquals("gap newest:a", heard.getFirst());
        assertEquals(heard(topic, 7, 6 + HOLDS), heard.subList(1, HOLDS));
        assertEquals("gap newest:a", heard.get(HOLDS));
        assertEquals(21 - HOLDS, dropped("drop_newest"));
        scene.says(1);
        assertEquals(heard(topic, 26, 27), scene.slow.take());
        nobodyIsPressed();
    }

    @Test
    void whereThePolicyIsToConflateItHearsTheNewestOfEachTopic() {
        Topic a = Topic.of("conflate:a");
        Topic b = Topic.of("conflate:b");
        var scene = new Scene(a, b);
        scene.says(20);
        scene.ann.says("pub conflate:b only");
        scene.says(1);
        assertEquals(
                List.of("gap conflate:a", "conflate:b ann: only", "conflate:a ann: " + text(26)),
                scene.slow.readsAll());
        assertEquals(20, dropped("conflate"));
        nobodyIsPressed();
    }

    @Test
    void aTopicThatConflatesForHoursTakesNoMoreRoomThanItsNewest() {
        Topic a = Topic.of("conflate:a");
        var scene = new Scene(G1, a);
        scene.says(1);
        for (int i = 0; i < 10_000; i++) {
            scene.ann.sends("pub conflate:a " + text(i % 1_000));
        }
        board.settle();
        assertTrue(meter("switchboard.backlog.bytes") <= BACKLOG);
        assertEquals(
                join(List.of("gap conflate:a"), List.of("group:g1 ann: " + text(6), "conflate:a ann: " + text(999))),
                scene.slow.readsAll());
    }

    @Test
    void whatMayBeDroppedMakesRoomForWhatMayNot() {
        Topic news = Topic.of("oldest:a");
        var scene = new Scene(G1, news);
        for (int i = 0; i < 4; i++) {
            scene.ann.says("pub oldest:a " + text(i));
        }
        scene.says(8);
        assertNull(scene.slow.closed);
        assertEquals(3, dropped("drop_oldest"));
        scene.ann.says("pub oldest:a " + text(9));
        scene.says(1);
        assertNull(scene.slow.closed);
        scene.says(1);
        assertEquals(CloseReason.SLOW, scene.slow.closed);
    }

    @Test
    void whatMayBeDroppedIsDroppedWhereNothingElseMay() {
        var scene = new Scene(G1, Topic.of("oldest:a"));
        scene.says(HOLDS);
        scene.ann.says("pub oldest:a " + text(0));
        assertNull(scene.slow.closed);
        assertEquals(join(heard(G1, 6, 6 + HOLDS), List.of("gap oldest:a")), scene.slow.readsAll());
    }

    @Test
    void aGapThatWasToldIsToldAgainWhenMoreIsMissed() {
        Topic topic = Topic.of("oldest:a");
        var scene = new Scene(topic);
        scene.says(HOLDS + 1);
        scene.slow.reads();
        var first = scene.slow.take();
        assertEquals("gap oldest:a", first.getFirst());
        scene.says(20);
        var rest = scene.slow.readsAll();
        assertEquals("gap oldest:a", rest.getFirst());
        assertEquals(heard(topic, 27, 27 + HOLDS), rest.subList(1, rest.size()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oldest:a", "newest:a", "conflate:a"})
    void whatIsTooOldIsDroppedAndTheSessionStays(String name) {
        Topic topic = Topic.of(name);
        var scene = new Scene(topic);
        scene.says(1);
        passes(20);
        scene.ann.says("pub " + name + " young");
        passes(15);
        assertNull(scene.slow.closed);
        assertEquals(List.of("gap " + name, name + " ann: young"), scene.slow.readsAll());
        nobodyIsPressed();
    }

    @Test
    void whatIsTooOldAndMayNotBeDroppedClosesTheSession() {
        var scene = new Scene(G1);
        scene.says(1);
        passes(29);
        assertNull(scene.slow.closed);
        passes(2);
        assertEquals(CloseReason.SLOW, scene.slow.closed);
        nobodyIsPressed();
    }

    private void passes(int seconds) {
        for (long passed = 0; passed < seconds * 1_000L; passed += PressedSessions.TICK_MILLIS) {
            board.pass(PressedSessions.TICK_MILLIS);
        }
    }

    @Test
    void aFloodOfOneTopicLetsAnotherThroughBetweenItsBatches() {
        var flood = new ArrayList<TestClient>();
        for (int i = 0; i < 3; i++) {
            flood.add(board.client(0, "flood" + i, G1));
        }
        var other = board.client(0, "other", Topic.group("g2"));
        board.client(0, "another", Topic.group("g2"));
        String text = "x".repeat(900);
        board.sends.clear();
        board.loops.get(0).execute(() -> {
            for (int i = 0; i < 1_000; i++) {
                board.hub.received(List.of(Publication.of(G1, Message.text(text))));
            }
            board.hub.received(List.of(Publication.of(Topic.group("g2"), Message.text("small"))));
        });
        board.settle();
        long before = board.sends.subList(0, board.sends.indexOf(other)).stream()
                .filter(flood.getFirst()::equals)
                .count();
        assertEquals(1, before, "batches of the flood before the small message");
        assertEquals(1_001, flood.getFirst().heard.size());
        assertTrue(flood.getFirst().sends > 10);
    }
}
