package io.switchboard.log;

import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Topics' last publications in memory, each topic guarded by its own monitor. */
final class MemoryLog implements Log {
    private record Entry(long offset, long expiresMillis, Publication publication) {}

    private static final class Stream {
        final String epoch = UUID.randomUUID().toString().substring(0, 8);
        final Deque<Entry> entries = new ArrayDeque<>();
        long top;
    }

    private final ConcurrentMap<Topic, Stream> streams = new ConcurrentHashMap<>();
    private final InstantSource clock;

    MemoryLog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public CompletionStage<Position> append(Publication publication, Retention retention) {
        Stream stream = stream(publication.topic());
        synchronized (stream) {
            var position = new Position(++stream.top, stream.epoch);
            stream.entries.add(new Entry(
                    position.offset(), clock.millis() + retention.ttl().toMillis(), publication.at(position)));
            while (stream.entries.size() > retention.sizeMax()) {
                stream.entries.removeFirst();
            }
            return CompletableFuture.completedFuture(position);
        }
    }

    @Override
    public CompletionStage<Page> read(Topic topic, Optional<Position> since, int limit) {
        Stream stream = stream(topic);
        synchronized (stream) {
            expire(stream);
            long after = since.map(Position::offset).orElse(0L);
            List<Publication> found = new ArrayList<>();
            for (Entry entry : stream.entries) {
                if (entry.offset() > after && found.size() < limit) {
                    found.add(entry.publication());
                }
            }
            long oldest = stream.entries.isEmpty()
                    ? stream.top + 1
                    : stream.entries.getFirst().offset();
            boolean sameEpoch =
                    since.map(position -> position.epoch().equals(stream.epoch)).orElse(true);
            boolean complete = sameEpoch && after <= stream.top && (since.isEmpty() || after + 1 >= oldest);
            return CompletableFuture.completedFuture(
                    new Page(List.copyOf(found), new Position(stream.top, stream.epoch), complete));
        }
    }

    @Override
    public CompletionStage<Position> top(Topic topic) {
        Stream stream = stream(topic);
        synchronized (stream) {
            return CompletableFuture.completedFuture(new Position(stream.top, stream.epoch));
        }
    }

    @Override
    public CompletionStage<Void> remove(Topic topic) {
        Stream stream = stream(topic);
        synchronized (stream) {
            stream.entries.clear();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        streams.clear();
    }

    private Stream stream(Topic topic) {
        return streams.computeIfAbsent(topic, t -> new Stream());
    }

    private void expire(Stream stream) {
        long now = clock.millis();
        while (!stream.entries.isEmpty() && stream.entries.getFirst().expiresMillis() <= now) {
            stream.entries.removeFirst();
        }
    }
}
