package io.switchboard.checks.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.client.Await;
import io.switchboard.log.Log;
import io.switchboard.log.Log.Appended;
import io.switchboard.log.Log.Page;
import io.switchboard.log.Log.Retention;
import io.switchboard.log.Log.Terms;
import io.switchboard.message.Exclusion;
import io.switchboard.message.Fields;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes, each with its own instance on the same store. */
abstract class LogContract {
    static final Duration FAILOVER = Duration.ofSeconds(30);
    static final Retention TEN = new Retention(10, Duration.ofMinutes(1));

    /** What a node heard. */
    static final class Ear implements Backplane.Listener {
        final List<Publication> heard = new CopyOnWriteArrayList<>();
        final AtomicInteger ups = new AtomicInteger();
        final AtomicInteger downs = new AtomicInteger();

        @Override
        public void received(List<Publication> batch) {
            heard.addAll(batch);
        }

        @Override
        public void linkUp() {
            ups.incrementAndGet();
        }

        @Override
        public void linkDown(String why) {
            downs.incrementAndGet();
        }
    }

    final List<Log> nodes = new ArrayList<>();
    final List<Ear> ears = new ArrayList<>();
    final Topic topic = Topic.of("news:" + UUID.randomUUID());

    /** An instance that has not been started. */
    abstract Log open(Origin self);

    /** The store loses all it had. */
    abstract void forget();

    private static Origin origin(int node) {
        return new Origin("n" + node, 0x7fff_0000_0000_0000L + node);
    }

    @BeforeEach
    void openAll() {
        for (int i = 0; i < 2; i++) {
            Log log = open(origin(i));
            var ear = new Ear();
            log.start(ear);
            nodes.add(log);
            ears.add(ear);
        }
        Await.until("all links", () -> nodes.stream().allMatch(Log::isUp));
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(Log::close);
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    Publication publication(String text) {
        return Publication.of(topic, Message.text(text)).numbered(origin(0), 0);
    }

    Appended append(String text, Terms terms) {
        return get(nodes.getFirst().append(publication(text), terms));
    }

    Position append(String text) {
        return append(text, Terms.of(TEN)).position().orElseThrow();
    }

    /** Why nothing can be appended. */
    Throwable refusal() {
        var failed = assertThrows(CompletionException.class, () -> append("lost"));
        return Objects.requireNonNull(failed.getCause());
    }

    /** The position of the first one that is appended; none may be lost without a word. */
    Position appendWhenUp(String text) {
        return Await.until("the log to take " + text, FAILOVER, () -> append(text), position -> true);
    }

    /** As soon as the other node can read. */
    Page readWhenUp(Position since) {
        return Await.until("the log to be read", FAILOVER, () -> read(Optional.of(since), 10), page -> true);
    }

    Page read(Optional<Position> since, int limit) {
        return get(nodes.get(1).read(topic, since, limit));
    }

    static List<String> texts(List<Publication> publications) {
        return publications.stream()
                .map(publication -> publication.message().asText())
                .toList();
    }

    @Test
    void allNodesHearWhatIsAppendedWithItsPosition() {
        nodes.forEach(log -> get(log.subscribe(topic)));
        List<Position> positions =
                List.of("a", "b", "c").stream().map(this::append).toList();
        for (Ear ear : ears) {
            Await.until("three", () -> ear.heard.size() == 3);
            assertEquals(List.of("a", "b", "c"), texts(ear.heard));
            assertEquals(
                    positions, ear.heard.stream().map(Publication::position).toList());
        }
        assertEquals(
                List.of(1L, 2L, 3L), positions.stream().map(Position::offset).toList());
        assertEquals(1, positions.stream().map(Position::epoch).distinct().count());
    }

    @Test
    void whatIsAppendedByManyAtOnceHasOneOrder() {
        nodes.forEach(log -> get(log.subscribe(topic)));
        var all = new Retention(1_000, Duration.ofMinutes(1));
        List<CompletableFuture<Appended>> results = IntStream.range(0, 400)
                .mapToObj(i -> nodes.get(i % 2)
                        .append(publication("m" + i), Terms.of(all))
                        .toCompletableFuture())
                .toList();
        results.forEach(LogContract::get);
        for (Ear ear : ears) {
            Await.until("all", () -> ear.heard.size() == 400);
            assertEquals(
                    IntStream.rangeClosed(1, 400).mapToObj(i -> (long) i).toList(),
                    ear.heard.stream().map(LogContract::offset).toList());
        }
        assertEquals(texts(ears.getFirst().heard), texts(ears.getLast().heard));
        assertEquals(
                texts(ears.getFirst().heard),
                texts(read(Optional.empty(), 1_000).publications()));
        for (int node = 0; node < 2; node++) {
            int its = node;
            List<String> own = texts(ears.getFirst().heard).stream()
                    .filter(text -> Integer.parseInt(text.substring(1)) % 2 == its)
                    .toList();
            assertEquals(
                    IntStream.range(0, 200).mapToObj(i -> "m" + (2 * i + its)).toList(), own, "each in its order");
        }
    }

    private static long offset(Publication publication) {
        Position position = publication.position();
        return position == null ? 0 : position.offset();
    }

    @Test
    void anyBytesAndFieldsComeBackAsTheyWere() {
        get(nodes.get(1).subscribe(topic));
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        var sent = Publication.from(
                        topic,
                        Message.validated(Message.Kind.BINARY, ByteBuffer.wrap(bytes)),
                        new Sender("änn", "s1"),
                        Exclusion.NONE)
                .withFields(Fields.NONE.with(Fields.TAGS, bytes).with(Fields.TOPIC_INFO, bytes))
                .numbered(origin(0), 0x8000_0000_0000_0007L);
        get(nodes.getFirst().append(sent, Terms.of(TEN)));
        Await.until("it", () -> ears.get(1).heard.size() == 1);
        for (Publication found : List.of(
                ears.get(1).heard.getFirst(),
                read(Optional.empty(), 1).publications().getFirst())) {
            assertArrayEquals(bytes, found.message().toByteArray());
            assertEquals(ByteBuffer.wrap(bytes), found.fields().get(Fields.TAGS));
            assertEquals(ByteBuffer.wrap(bytes), found.fields().get(Fields.TOPIC_INFO));
            assertEquals(sent.sender(), found.sender());
            assertEquals(sent.timeMillis(), found.timeMillis());
            assertEquals(1, offset(found));
        }
    }

    @Test
    void readingGoesOnAfterAPositionInBothDirections() {
        List<Position> at =
                IntStream.rangeClosed(1, 5).mapToObj(i -> append("m" + i)).toList();
        assertEquals(List.of("m1", "m2"), texts(read(Optional.empty(), 2).publications()));
        Page page = read(Optional.of(at.get(1)), 2);
        assertEquals(List.of("m3", "m4"), texts(page.publications()));
        assertEquals(at.get(4), page.top());
        assertTrue(page.complete());
        assertTrue(read(Optional.of(new Position(2, "")), 2).complete(), "an empty epoch is any");
        assertTrue(read(Optional.of(at.get(4)), 2).complete());
        Page back = get(nodes.get(1).readBack(topic, Optional.empty(), 2));
        assertEquals(List.of("m5", "m4"), texts(back.publications()));
        back = get(nodes.get(1).readBack(topic, Optional.of(at.get(2)), 9));
        assertEquals(List.of("m2", "m1"), texts(back.publications()));
        assertEquals(
                List.of(),
                get(nodes.get(1).readBack(topic, Optional.of(at.get(0)), 9)).publications());
        assertEquals(at.get(4), get(nodes.get(1).top(topic)));
    }

    @Test
    void whatIsNoLongerKeptIsIncomplete() {
        Position first = append("m1");
        for (int i = 2; i <= 12; i++) {
            append("m" + i);
        }
        assertFalse(read(Optional.of(first), 100).complete());
        assertTrue(read(Optional.of(new Position(2, first.epoch())), 100).complete());
        assertFalse(read(Optional.of(new Position(12, "foreign")), 100).complete());
        assertFalse(read(Optional.of(new Position(13, first.epoch())), 100).complete());
        get(nodes.getFirst().remove(topic));
        Page page = read(Optional.of(new Position(2, first.epoch())), 100);
        assertFalse(page.complete());
        assertEquals(new Position(12, first.epoch()), page.top());
        assertEquals(new Position(13, first.epoch()), append("on"));
    }

    @Test
    void publicationsExpireAndThePositionGoesOn() {
        Position first = append("a", Terms.of(new Retention(10, Duration.ofMillis(100))))
                .position()
                .orElseThrow();
        Await.until("nothing", () -> read(Optional.empty(), 10).publications().isEmpty());
        assertEquals(first, get(nodes.get(1).top(topic)));
        assertEquals(new Position(2, first.epoch()), append("b"));
    }

    @Test
    void whatHasBeenAppendedWithAKeyIsNotAppendedAgain() {
        get(nodes.get(1).subscribe(topic));
        var once = new Terms(TEN, "key", 0, "");
        Appended first = append("a", once);
        Appended second = append("a", once);
        assertTrue(first.news());
        assertFalse(second.news());
        assertEquals(first.position(), second.position());
        append("b", new Terms(TEN, "other", 0, ""));
        Await.until("both", () -> ears.get(1).heard.size() == 2);
        assertEquals(List.of("a", "b"), texts(ears.get(1).heard));
    }

    @Test
    void anOlderVersionIsNotAppended() {
        assertTrue(append("v5", new Terms(TEN, "", 5, "e")).news());
        assertFalse(append("v5", new Terms(TEN, "", 5, "e")).news());
        assertFalse(append("v4", new Terms(TEN, "", 4, "e")).news());
        assertTrue(append("v6", new Terms(TEN, "", 6, "e")).news());
        assertTrue(append("v1", new Terms(TEN, "", 1, "f")).news());
        assertTrue(append("none").offset() > 0);
        assertFalse(append("v1", new Terms(TEN, "", 1, "f")).news());
        assertEquals(
                List.of("v5", "v6", "v1", "none"),
                texts(read(Optional.empty(), 10).publications()));
    }

    @Test
    void whatIsToldOnlyIsNotKept() {
        get(nodes.get(1).subscribe(topic));
        assertEquals(
                Optional.empty(),
                append("told", Terms.of(new Retention(0, Duration.ZERO))).position());
        append("kept");
        Await.until("both", () -> ears.get(1).heard.size() == 2);
        assertEquals(List.of("told", "kept"), texts(ears.get(1).heard));
        assertEquals(List.of("kept"), texts(read(Optional.empty(), 10).publications()));
    }

    @Test
    void whoIsNotSubscribedHearsNothing() {
        get(nodes.getFirst().subscribe(topic));
        append("a");
        Await.until("it", () -> ears.getFirst().heard.size() == 1);
        nodes.getFirst().unsubscribe(topic);
        get(nodes.getFirst().subscribe(Topic.of("news:other")));
        append("b");
        assertEquals(1, ears.getFirst().heard.size());
        assertEquals(0, ears.get(1).heard.size());
    }

    @Test
    void whatIsLostShowsAsAnotherEpoch() {
        Position before = append("a");
        append("b");
        forget();
        Page page = read(Optional.of(before), 10);
        assertNotEquals(before.epoch(), page.top().epoch());
        assertFalse(page.complete());
        assertEquals(List.of(), page.publications());
        Position after = append("c");
        assertEquals(new Position(1, page.top().epoch()), after);
        assertFalse(read(Optional.of(before), 10).complete());
    }
}
