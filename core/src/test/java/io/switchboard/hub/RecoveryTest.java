package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Remote;
import io.switchboard.directory.Directory;
import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.protocol.Conversation;
import io.switchboard.protocol.Listening;
import io.switchboard.protocol.Namespace.Recovery;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryTest {
    private static final Topic NEWS = Topic.of("news:1");
    private static final Topic MORE = Topic.of("news:2");

    private final RecordingBackplane backplane = new RecordingBackplane();
    private final TestLog log = new TestLog();
    private final TestHub board = board(log, Limits.DEFAULT);

    private TestHub board(TestLog its, Limits limits) {
        return new TestHub(
                2, backplane, LoginPolicy.MANY, limits, Handler.NONE, Authenticator.path(), Directory.local(), its);
    }

    @AfterEach
    void everyBatchWasReleased() {
        assertEquals(0, board.framing.held.get());
    }

    private void publish(Topic topic, String text) {
        var ignored = board.hub.publish(topic, Message.text(text), Sender.NONE, Exclusion.NONE);
        board.settle();
    }

    private void publish(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(number -> publish(NEWS, Integer.toString(number)));
    }

    private static Listening by(@Nullable Position since, Recovery recovery) {
        return new Listening(true, since, recovery, false, false, false, null, null);
    }

    private static Listening filtered(Predicate<Publication> filter, @Nullable Position since) {
        return new Listening(true, since, Recovery.STREAM, false, false, false, null, filter);
    }

    private static final Listening DELTA = new Listening(true, null, Recovery.STREAM, true, false, false, null, null);

    private void with(TestClient client, Consumer<Conversation> action) {
        board.endpoint.actions.put("now", (with, done) -> {
            action.accept(with);
            done.run();
        });
        client.says("act now");
    }

    private void listens(TestClient client, Topic topic, Listening listening) {
        with(client, with -> with.listen(topic, listening, new Beginning(with)));
    }

    private TestClient listener(int loop, Listening listening) {
        var client = board.client(loop, "u" + loop);
        client.take();
        listens(client, NEWS, listening);
        return client;
    }

    private Position top() {
        return log.standing(NEWS);
    }

    private Position at(long offset) {
        return new Position(offset, top().epoch());
    }

    private static List<String> news(int from, int to) {
        var numbers = IntStream.rangeClosed(from, to);
        return numbers.mapToObj(number -> "news:1 : " + number).toList();
    }

    @Test
    void aTopicWithHistoryTravelsThroughTheLogAlone() {
        var ann = listener(0, by(null, Recovery.STREAM));
        var ben = board.client(1, "ben", NEWS);
        publish(1, 2);
        assertEquals(List.of("start 0", "news:1 : 1", "news:1 : 2"), ann.take());
        assertEquals(List.of("admitted", "news:1 : 1", "news:1 : 2"), ben.take());
        assertTrue(backplane.traffic.stream().noneMatch(line -> line.contains("news")), backplane.traffic::toString);
    }

    @Test
    void whoComesBackHearsWhatItMissedAndThenWhatFollows() {
        publish(1, 5);
        var ann = listener(0, by(at(2), Recovery.STREAM));
        publish(6, 6);
        assertEquals(List.of("start 5 recovered 3 4 5", "news:1 : 6"), ann.take());
    }

    @Test
    void anEmptyEpochIsAny() {
        publish(1, 3);
        assertEquals(
                List.of("start 3 recovered 1 2 3"),
                listener(0, by(new Position(0, ""), Recovery.STREAM)).take());
    }

    @Test
    void whoMissedNothingAsksNothing() {
        publish(1, 3);
        var ann = listener(0, by(null, Recovery.STREAM));
        int before = log.reads;
        var ben = board.client(0, "ben");
        listens(ben, NEWS, by(at(3), Recovery.STREAM));
        assertEquals(before, log.reads);
        assertEquals(List.of("admitted", "start 3 recovered"), ben.take());
        assertEquals(List.of("start 3"), ann.take());
    }

    @ParameterizedTest
    @CsvSource({
        "4, '', start 15",
        "5, '', start 15 recovered 6 7 8 9 10 11 12 13 14 15",
        "15, foreign, start 15",
        "16, '', start 15"
    })
    void whatIsNoLongerKeptIsNotRecovered(long offset, String epoch, String heard) {
        publish(1, 15);
        Position since = epoch.isEmpty() ? at(offset) : new Position(offset, epoch);
        assertEquals(List.of(heard), listener(0, by(since, Recovery.STREAM)).take());
    }

    @Test
    void moreThanTheLimitIsNotRecovered() {
        var narrow = new TestLog();
        var other = board(narrow, Limits.DEFAULT.with(limits -> limits.recovery = 3));
        for (int i = 1; i <= 5; i++) {
            var ignored = other.hub.publish(NEWS, Message.text("m" + i), Sender.NONE, Exclusion.NONE);
        }
        other.settle();
        Position top = narrow.standing(NEWS);
        for (long since : new long[] {1, 2}) {
            other.endpoint.actions.put("now", (with, done) -> {
                with.listen(NEWS, by(new Position(since, top.epoch()), Recovery.STREAM), new Beginning(with));
                done.run();
            });
            var client = other.client(0, "ann");
            client.says("act now");
            assertEquals(List.of("admitted", since == 1 ? "start 5" : "start 5 recovered m3 m4 m5"), client.take());
        }
    }

    @Test
    void theNewestAloneIsEnoughWhereTheTopicIsACache() {
        publish(1, 15);
        assertEquals(
                List.of("start 15 recovered 15"),
                listener(0, by(at(1), Recovery.CACHE)).take());
        assertEquals(
                List.of("start 15 recovered"),
                listener(0, by(at(15), Recovery.CACHE)).take());
        var ignored = board.hub.removeHistory(NEWS);
        assertEquals(List.of("start 15"), listener(1, by(at(1), Recovery.CACHE)).take());
    }

    @Test
    void whatIsPublishedWhileItReadsIsNeitherMissedNorHeardTwice() {
        publish(1, 3);
        var plain = board.client(0, "ben", NEWS);
        log.slow = true;
        var ann = listener(0, by(at(1), Recovery.STREAM));
        publish(4, 4);
        log.unanswered.removeFirst().run();
        publish(5, 5);
        log.answerAll();
        board.settle();
        publish(6, 6);
        assertEquals(List.of("start 5 recovered 2 3 4 5", "news:1 : 6"), ann.take());
        assertEquals(5 - 1, plain.take().size());
    }

    @Test
    void aSessionThatReadFurtherThanTheShardWaitsUntilTheShardHasComeAsFar() {
        publish(1, 1);
        var ben = board.client(0, "ben", NEWS);
        log.silent = true;
        publish(2, 3);
        var ann = listener(0, by(at(0), Recovery.STREAM));
        assertEquals(List.of(), ann.take());
        log.tellAll();
        board.settle();
        log.silent = false;
        publish(4, 4);
        assertEquals(List.of("start 3 recovered 1 2 3", "news:1 : 4"), ann.take());
        assertEquals(List.of("admitted", "news:1 : 2", "news:1 : 3", "news:1 : 4"), ben.take());
    }

    @Test
    void whatWasNeverToldIsReadAfterAWhile() {
        publish(1, 1);
        var ben = board.client(0, "ben", NEWS);
        log.silent = true;
        publish(2, 3);
        log.untold.clear();
        var ann = listener(0, by(at(0), Recovery.STREAM));
        board.pass(Subscription.PATIENCE_MILLIS);
        assertEquals(List.of("start 3 recovered 1 2 3"), ann.take());
        assertEquals(List.of("admitted", "news:1 : 2", "news:1 : 3"), ben.take());
    }

    @Test
    void aHoleIsClosedFromTheLogAndRepeatsAreDropped() {
        var ann = listener(0, by(null, Recovery.STREAM));
        publish(1, 1);
        log.silent = true;
        publish(2, 5);
        log.slow = true;
        log.tell(List.of(log.untold.get(2)));
        board.settle();
        log.tell(List.of(log.untold.get(3), log.untold.get(0)));
        board.settle();
        log.answerAll();
        board.settle();
        log.tellAll();
        board.settle();
        assertEquals(Stream.concat(Stream.of("start 0"), news(1, 5).stream()).toList(), ann.take());
        assertEquals(List.of("opened u0"), board.endpoint.told);
    }

    @Test
    void aHoleThatCannotBeClosedIsTold() {
        var ann = listener(0, by(null, Recovery.STREAM));
        var ben = board.client(0, "ben", NEWS);
        publish(1, 1);
        log.silent = true;
        publish(2, 30);
        Publication last = log.untold.getLast();
        log.untold.clear();
        log.silent = false;
        log.tell(List.of(last));
        board.settle();
        publish(31, 31);
        assertEquals(List.of("start 0", "news:1 : 1", "gap news:1"), ann.take());
        assertEquals(List.of("admitted", "news:1 : 1", "gap news:1", "news:1 : 30", "news:1 : 31"), ben.take());
        assertFalse(ann.session().listensTo(NEWS));
        assertEquals(List.of("opened u0", "opened ben", "lost u0 news:1"), board.endpoint.told);
    }

    @Test
    void anotherEpochIsTold() {
        var ann = listener(0, by(null, Recovery.STREAM));
        publish(1, 3);
        log.forget();
        log.linkUp();
        board.settle();
        assertEquals("gap news:1", ann.take().getLast());
        assertFalse(ann.session().listensTo(NEWS));
        listens(ann, NEWS, by(new Position(3, "before"), Recovery.STREAM));
        publish(1, 1);
        assertEquals(List.of("start 0", "news:1 : 1"), ann.take());
    }

    @Test
    void whatWasPublishedWhileTheLinkWasDownIsReadWhenItIsBack() {
        var ann = listener(0, by(null, Recovery.STREAM));
        log.silent = true;
        publish(1, 3);
        log.untold.clear();
        log.silent = false;
        log.linkUp();
        board.settle();
        board.pass(Subscription.PATIENCE_MILLIS);
        assertEquals(Stream.concat(Stream.of("start 0"), news(1, 3).stream()).toList(), ann.take());
    }

    @Test
    void whatWentWrongUnnoticedIsFoundOut() {
        var ann = listener(0, by(null, Recovery.STREAM));
        log.silent = true;
        publish(1, 1);
        log.untold.clear();
        for (int i = 0; i < 20; i++) {
            board.pass(Tracks.TICK_MILLIS);
        }
        assertEquals(List.of("start 0", "news:1 : 1"), ann.take());
    }

    @Test
    void whileTheLogIsDownNothingIsPublishedAndNobodyListensByPosition() {
        var ben = board.client(0, "ben", NEWS);
        log.down = true;
        var result = board.hub
                .publish(NEWS, Message.text("lost"), Sender.NONE, Exclusion.NONE)
                .toCompletableFuture();
        board.settle();
        assertEquals(Remote.REFUSED, result.join().remote());
        assertEquals(
                List.of("failed INTERNAL"),
                listener(0, by(null, Recovery.STREAM)).take());
        ben.says("pub news:1 lost");
        assertEquals(List.of("admitted", "refused NOT_SENT"), ben.take());
        log.down = false;
        publish(1, 1);
        assertEquals(List.of("news:1 : 1"), ben.take());
    }

    @Test
    void thePublisherLearnsThePositionAndARepeatIsNotPublishedAgain() {
        var ann = listener(0, by(null, Recovery.STREAM));
        var once = new PublishOptions(io.switchboard.message.Fields.NONE, "key", 0, "", false);
        var first = board.hub
                .publish(NEWS, Message.text("1"), Sender.NONE, Exclusion.NONE, once)
                .toCompletableFuture();
        var second = board.hub
                .publish(NEWS, Message.text("1"), Sender.NONE, Exclusion.NONE, once)
                .toCompletableFuture();
        var unkept = new PublishOptions(io.switchboard.message.Fields.NONE, "", 0, "", true);
        var third = board.hub
                .publish(NEWS, Message.text("2"), Sender.NONE, Exclusion.NONE, unkept)
                .toCompletableFuture();
        board.settle();
        assertEquals(at(1), first.join().position());
        assertEquals(at(1), second.join().position());
        assertNull(third.join().position());
        assertEquals(List.of("start 0", "news:1 : 1", "news:1 : 2"), ann.take());
        assertEquals(1, top().offset());
    }

    @Test
    void aFilterKeepsOutWhatIsMissedAndWhatFollows() {
        publish(1, 4);
        Predicate<Publication> even =
                publication -> Integer.parseInt(publication.message().asText()) % 2 == 0;
        var ann = listener(0, filtered(even, at(0)));
        var all = board.client(0, "all", NEWS);
        publish(5, 8);
        assertEquals(List.of("start 4 recovered 2 4", "news:1 : 6", "news:1 : 8"), ann.take());
        assertEquals(5, all.take().size());
        assertEquals(List.of(NEWS), ann.session().topics());
        with(ann, with -> with.leave(NEWS));
        publish(9, 10);
        assertEquals(List.of(), ann.take());
        assertNotNull(board.hub.shard(0).members(NEWS));
        all.vanish();
        assertNull(board.hub.shard(0).members(NEWS));
    }

    @Test
    void differencesAreToThePublicationBeforeAndTheFirstIsWhole() {
        var ann = listener(0, DELTA);
        publish(1, 1);
        var ben = listener(0, DELTA);
        board.endpoint.encoded = 0;
        publish(2, 2);
        assertEquals(2, board.endpoint.encoded, "once whole, once as a difference");
        publish(3, 3);
        assertEquals(3, board.endpoint.encoded, "once for both");
        assertEquals(List.of("start 0", "whole 1", "2 after 1", "3 after 2"), ann.take());
        assertEquals(List.of("start 1", "whole 2", "3 after 2"), ben.take());
    }

    @Test
    void whatASlowListenerDoesNotTakeIsToldAndNothingFollowsTheHole() {
        Topic kept = Topic.of("keptoldest:1");
        var small = new TestLog();
        var other = board(small, Limits.DEFAULT.with(limits -> limits.backlogBytes = 300));
        other.endpoint.actions.put("now", (with, done) -> {
            with.listen(kept, by(null, Recovery.STREAM), new Beginning(with));
            done.run();
        });
        var ann = other.client(0, "ann");
        ann.says("act now");
        ann.limit = 40;
        for (int i = 1; i <= 20; i++) {
            var ignored = other.hub.publish(kept, Message.text("m" + i), Sender.NONE, Exclusion.NONE);
            other.settle();
        }
        ann.limit = 0;
        List<String> heard = ann.readsAll();
        assertNull(ann.closed);
        assertEquals("gap keptoldest:1", heard.getLast());
        assertFalse(ann.session().listensTo(kept));
        long expected = 1;
        for (String line : heard.subList(2, heard.size() - 1)) {
            assertEquals("keptoldest:1 : m" + expected++, line);
        }
        assertEquals(0, other.framing.held.get());
    }

    @Test
    void severalTopicsBeginTogetherOrNotAtAll() {
        publish(1, 2);
        publish(MORE, "x");
        log.slow = true;
        var ann = board.client(0, "ann");
        with(
                ann,
                with -> with.listenTogether(List.of(
                        new Conversation.Wish(NEWS, by(at(0), Recovery.STREAM), new Beginning(with)),
                        new Conversation.Wish(MORE, by(null, Recovery.STREAM), new Beginning(with)))));
        assertEquals(List.of("admitted"), ann.take());
        publish(3, 3);
        for (int i = 0; i < 20; i++) {
            log.answerAll();
            board.settle();
        }
        assertEquals(List.of("start 3 recovered 1 2 3", "start 1"), ann.take());
        log.slow = false;
        log.down = true;
        var ben = board.client(1, "ben");
        with(
                ben,
                with -> with.listenTogether(List.of(
                        new Conversation.Wish(Topic.group("g"), Listening.PLAIN, new Beginning(with)),
                        new Conversation.Wish(MORE, by(null, Recovery.STREAM), new Beginning(with)))));
        assertEquals(List.of("admitted", "failed INTERNAL"), ben.take());
        assertEquals(List.of(), ben.session().topics());
        log.down = false;
    }

    @Test
    void theHistoryIsReadInPagesInBothDirections() {
        publish(1, 5);
        assertEquals("1 2 top 5", read(board, 2, null, false));
        assertEquals("3 4 top 5", read(board, 2, at(2), false));
        assertEquals("5 4 top 5", read(board, 2, null, true));
        assertEquals("3 2 1 top 5", read(board, -1, at(4), true));
        assertEquals("top 5", read(board, 0, null, false));
        assertEquals("top 5 of another epoch", read(board, 2, new Position(1, "foreign"), false));
    }

    @Test
    void nobodyReadsMoreAtOnceThanTheLimit() {
        publish(1, 5);
        TestHub small = board(log, Limits.DEFAULT.with(limits -> limits.recovery = 3));
        assertEquals("1 2 3 top 5", read(small, -1, null, false));
        assertEquals("5 4 3 top 5", read(small, 4, null, true));
    }

    @Test
    void whatIsPublishedMayBeHeardWithoutBeingKept() {
        var ann = listener(0, by(at(0), Recovery.STREAM));
        ann.take();
        List.of(true, false, true)
                .forEach(kept -> with(
                        ann,
                        with -> with.publish(NEWS, Message.text("kept " + kept), Fields.NONE, kept, published -> {})));
        assertEquals(3, ann.take().size());
        assertEquals("kept true kept true top 2", read(board, -1, null, false));
    }

    private static String read(TestHub board, int limit, @Nullable Position since, boolean backwards) {
        Conversation.History found = board.hub
                .history(NEWS, new Conversation.HistoryQuery(limit, since, backwards))
                .toCompletableFuture()
                .join();
        var heard = found.publications().stream()
                .map(publication -> publication.message().asText() + " ");
        return heard.collect(Collectors.joining()) + "top " + found.top().offset()
                + (found.epochMatches() ? "" : " of another epoch");
    }

    @Test
    void whoLeavesWhileItReadsLeavesNothingBehind() {
        publish(1, 3);
        log.slow = true;
        var ann = listener(0, by(at(1), Recovery.STREAM));
        with(ann, with -> with.leave(NEWS));
        var ben = listener(1, by(at(1), Recovery.STREAM));
        ben.vanish();
        for (int i = 0; i < 5; i++) {
            log.answerAll();
            board.settle();
        }
        assertEquals(List.of("failed NOT_A_LISTENER"), ann.take());
        assertNull(board.hub.shard(0).members(NEWS));
        assertNull(board.hub.shard(1).members(NEWS));
    }
}
