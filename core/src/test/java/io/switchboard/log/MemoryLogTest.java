package io.switchboard.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.message.Message;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryLogTest {
    private static final Topic NEWS = Topic.of("news:1");
    private static final Log.Retention THREE = new Log.Retention(3, Duration.ofSeconds(10));

    private final AtomicLong now = new AtomicLong();
    private final Log log = new MemoryLog(new MemoryLog.Store(() -> Instant.ofEpochMilli(now.get())));

    @BeforeEach
    void start() {
        log.start(new Deaf());
    }

    private Position append(String text) {
        return log.append(Publication.of(NEWS, Message.text(text)), Log.Terms.of(THREE))
                .toCompletableFuture()
                .join()
                .position()
                .orElseThrow();
    }

    private Log.Page read(Optional<Position> since) {
        return log.read(NEWS, since, 100).toCompletableFuture().join();
    }

    private static List<String> texts(Log.Page page) {
        return page.publications().stream()
                .map(publication -> publication.message().asText())
                .toList();
    }

    @Test
    void positionsCountFromOneAndReadingGoesOnAfterOne() {
        Position first = append("a");
        assertEquals(1, first.offset());
        append("b");
        append("c");
        Log.Page page = read(Optional.of(first));
        assertEquals(List.of("b", "c"), texts(page));
        assertEquals(3, page.top().offset());
        assertTrue(page.complete());
        assertEquals(
                new Position(2, first.epoch()), page.publications().getFirst().position());
    }

    @Test
    void whatFellOutIsAGap() {
        Position first = append("a");
        for (String text : List.of("b", "c", "d", "e")) {
            append(text);
        }
        assertFalse(read(Optional.of(first)).complete());
        assertTrue(read(Optional.of(new Position(2, first.epoch()))).complete());
        assertEquals(List.of("c", "d", "e"), texts(read(Optional.empty())));
    }

    @Test
    void anotherEpochIsAGap() {
        append("a");
        assertFalse(read(Optional.of(new Position(1, "other"))).complete());
        assertFalse(read(Optional.of(new Position(9, append("b").epoch()))).complete());
    }

    @Test
    void publicationsExpireAndThePositionGoesOn() {
        Position first = append("a");
        now.addAndGet(10_000);
        assertEquals(List.of(), texts(read(Optional.empty())));
        assertTrue(read(Optional.of(first)).complete());
        assertEquals(new Position(2, first.epoch()), append("b"));
    }

    @Test
    void removedPublicationsAreGoneAndThePositionGoesOn() {
        Position first = append("a");
        log.remove(NEWS).toCompletableFuture().join();
        assertEquals(first, log.top(NEWS).toCompletableFuture().join());
        assertEquals(List.of(), texts(read(Optional.empty())));
    }

    /** Nothing it hears is of interest here. */
    private static final class Deaf implements Backplane.Listener {
        @Override
        public void received(List<Publication> batch) {}

        @Override
        public void linkUp() {}

        @Override
        public void linkDown(String why) {}
    }
}
