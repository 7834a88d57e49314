package io.switchboard.log;

import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the last publications of topics with history. A topic's positions count from 1 within an epoch; when what was
 * kept is lost, the epoch is new. The meta data (epoch and top offset) outlives the publications. No method blocks.
 */
public interface Log extends AutoCloseable {
    /** How much of a topic is kept. */
    record Retention(int sizeMax, Duration ttl) {}

    /**
     * Publications in order.
     *
     * @param top the topic's position when it was read
     * @param complete false if something after {@code since} is no longer kept, or the epoch is another
     */
    record Page(List<Publication> publications, Position top, boolean complete) {}

    /** Appends, and gives the publication's position. Appends of one topic are decided one after another. */
    CompletionStage<Position> append(Publication publication, Retention retention);

    /** Reads what follows {@code since}, or from the oldest kept one; at most {@code limit}. */
    CompletionStage<Page> read(Topic topic, Optional<Position> since, int limit);

    CompletionStage<Position> top(Topic topic);

    /** Forgets the publications; the position goes on. */
    CompletionStage<Void> remove(Topic topic);

    @Override
    void close();

    /** A log in this process's memory. */
    static Log memory(InstantSource clock) {
        return new MemoryLog(clock);
    }
}
