package io.switchboard.log;

import io.switchboard.backplane.Backplane;
import io.switchboard.message.Position;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Topics' last publications in memory, shared by the nodes of one process. Each topic is guarded by its own monitor,
 * under which all nodes are told as well: so they all hear it in the order of the positions.
 */
public final class MemoryLog implements Log {
    /** What nodes of one process share. */
    public static final class Store {
        private static final int SWEEP_EVERY = 1 << 14;

        private final ConcurrentMap<Topic, Kept> topics = new ConcurrentHashMap<>();
        private final List<MemoryLog> nodes = new CopyOnWriteArrayList<>();
        private final InstantSource clock;
        private int appends;

        public Store() {
            this(InstantSource.system());
        }

        /** @param clock by which publications and positions grow old */
        public Store(InstantSource clock) {
            this.clock = clock;
        }

        /** Forgets everything, as a store does that restarts without its data. */
        public void clear() {
            topics.clear();
        }

        private Kept of(Topic topic) {
            return topics.computeIfAbsent(topic, unknown -> new Kept(clock.millis()));
        }

        /** Now and then, what is too old is thrown out: topics may come once and never again. */
        private synchronized void count() {
            if (++appends % SWEEP_EVERY == 0) {
                long now = clock.millis();
                topics.values().removeIf(kept -> kept.isForgotten(now));
            }
        }
    }

    /** What is known of one topic. */
    private static final class Kept {
        private record Known(Appended result, long expiresMillis) {}

        final String epoch = newEpoch();
        final Deque<Publication> publications = new ArrayDeque<>();
        private final Map<String, Known> keys = new LinkedHashMap<>(0);
        long top;
        private long expiresMillis;
        private long usedMillis;
        private long version;
        private String versionEpoch = "";

        Kept(long now) {
            usedMillis = now;
        }

        private static String newEpoch() {
            var letters = new StringBuilder(8);
            ThreadLocalRandom.current().ints(8, 'a', 'z' + 1).forEach(letters::appendCodePoint);
            return letters.toString();
        }

        Position position() {
            return new Position(top, epoch);
        }

        synchronized boolean isForgotten(long now) {
            expire(now);
            return now - usedMillis > META_TTL.toMillis();
        }

        void expire(long now) {
            if (expiresMillis <= now) {
                publications.clear();
            }
            // All live equally long, so the oldest come first.
            Iterator<Known> known = keys.values().iterator();
            while (known.hasNext() && known.next().expiresMillis <= now) {
                known.remove();
            }
        }

        /** What came of it before, or comes of it because of its version; null if it is to be appended. */
        @Nullable
        Appended already(Terms terms) {
            Known known = keys.get(terms.key());
            if (known != null) {
                return new Appended(known.result.position(), false);
            }
            if (terms.version() > 0) {
                if (terms.versionEpoch().equals(versionEpoch) && terms.version() <= version) {
                    return new Appended(Optional.of(position()), false);
                }
                version = terms.version();
                versionEpoch = terms.versionEpoch();
            }
            return null;
        }

        Publication append(Publication publication, Terms terms, long now) {
            usedMillis = now;
            if (terms.retention().sizeMax() == 0) {
                return publication;
            }
            top++;
            Publication placed = publication.at(position());
            publications.add(placed);
            while (publications.size() > terms.retention().sizeMax()) {
                publications.removeFirst();
            }
            expiresMillis = now + terms.retention().ttl().toMillis();
            return placed;
        }

        void remember(Terms terms, Appended result, long now) {
            if (!terms.key().isEmpty()) {
                keys.put(terms.key(), new Known(result, now + KEY_TTL.toMillis()));
            }
        }
    }

    private final Store store;
    private final Set<Topic> subscribed = ConcurrentHashMap.newKeySet();
    private volatile Backplane.@Nullable Listener listener;

    public MemoryLog(Store store) {
        this.store = store;
    }

    @Override
    public void start(Backplane.Listener hearing) {
        listener = hearing;
        store.nodes.add(this);
        hearing.linkUp();
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        if (listener == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("the log is closed"));
        }
        subscribed.add(topic);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unsubscribe(Topic topic) {
        subscribed.remove(topic);
    }

    @Override
    public boolean isUp() {
        return listener != null;
    }

    @Override
    public CompletionStage<Appended> append(Publication publication, Terms terms) {
        if (listener == null) {
            return CompletableFuture.failedFuture(new RefusedException("the log is closed"));
        }
        store.count();
        Kept kept = store.of(publication.topic());
        long now = store.clock.millis();
        synchronized (kept) {
            kept.expire(now);
            Appended before = kept.already(terms);
            if (before != null) {
                return CompletableFuture.completedFuture(before);
            }
            Publication placed = kept.append(publication, terms, now);
            var result = new Appended(Optional.ofNullable(placed.position()), true);
            kept.remember(terms, result, now);
            store.nodes.forEach(node -> node.hear(placed));
            return CompletableFuture.completedFuture(result);
        }
    }

    private void hear(Publication publication) {
        Backplane.Listener hearing = listener;
        if (hearing != null && subscribed.contains(publication.topic())) {
            hearing.received(List.of(publication));
        }
    }

    @Override
    public CompletionStage<Page> read(Topic topic, Optional<Position> since, int limit) {
        Kept kept = store.of(topic);
        synchronized (kept) {
            kept.expire(store.clock.millis());
            long after = since.map(Position::offset).orElse(0L);
            boolean same = isOf(kept, since);
            List<Publication> found = new ArrayList<>();
            long oldest = kept.top + 1;
            for (Publication publication : kept.publications) {
                long offset = offset(publication);
                oldest = Math.min(oldest, offset);
                if (same && offset > after && found.size() < limit) {
                    found.add(publication);
                }
            }
            boolean complete = same && after <= kept.top && (since.isEmpty() || after + 1 >= oldest);
            return CompletableFuture.completedFuture(new Page(List.copyOf(found), kept.position(), complete));
        }
    }

    @Override
    public CompletionStage<Page> readBack(Topic topic, Optional<Position> before, int limit) {
        Kept kept = store.of(topic);
        synchronized (kept) {
            kept.expire(store.clock.millis());
            long end = before.map(Position::offset).orElse(Long.MAX_VALUE);
            boolean same = isOf(kept, before);
            List<Publication> found = new ArrayList<>();
            for (Iterator<Publication> all = kept.publications.descendingIterator(); same && all.hasNext(); ) {
                Publication publication = all.next();
                if (offset(publication) < end && found.size() < limit) {
                    found.add(publication);
                }
            }
            return CompletableFuture.completedFuture(new Page(List.copyOf(found), kept.position(), same));
        }
    }

    private static boolean isOf(Kept kept, Optional<Position> position) {
        String epoch = position.map(Position::epoch).orElse("");
        return epoch.isEmpty() || epoch.equals(kept.epoch);
    }

    private static long offset(Publication publication) {
        Position position = publication.position();
        return position == null ? 0 : position.offset();
    }

    @Override
    public CompletionStage<Position> top(Topic topic) {
        Kept kept = store.of(topic);
        synchronized (kept) {
            return CompletableFuture.completedFuture(kept.position());
        }
    }

    @Override
    public CompletionStage<Void> remove(Topic topic) {
        Kept kept = store.of(topic);
        synchronized (kept) {
            kept.publications.clear();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        store.nodes.remove(this);
        listener = null;
        subscribed.clear();
    }
}
