package io.switchboard.directory;

import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Presence in memory, shared by the nodes of one process. The map decides about each topic one after another. */
final class MemoryPresence implements Presence {
    /** What nodes of one process share. */
    static final class Store {
        private final ConcurrentMap<Topic, SortedMap<Long, OfNode>> topics = new ConcurrentHashMap<>();

        void clear() {
            topics.clear();
        }
    }

    /** What one node has entered for a topic. */
    private static final class OfNode {
        /** In the order of their ids, so that a page can begin after one. */
        final TreeMap<String, Entry> sessions = new TreeMap<>();

        final Map<String, Integer> users = new HashMap<>();

        void enter(Entry entry) {
            leave(entry.session());
            sessions.put(entry.session(), entry);
            users.merge(entry.user(), 1, Integer::sum);
        }

        void leave(String session) {
            Entry entry = sessions.remove(session);
            if (entry != null) {
                users.computeIfPresent(entry.user(), (user, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    private final Store store;
    private final long self;

    MemoryPresence(Store store, long self) {
        this.store = store;
        this.self = self;
    }

    @Override
    public CompletionStage<Void> enter(Topic topic, Entry entry) {
        store.topics.compute(topic, (name, present) -> {
            SortedMap<Long, OfNode> nodes = present == null ? new TreeMap<>() : present;
            nodes.computeIfAbsent(self, node -> new OfNode()).enter(entry);
            return nodes;
        });
        return done();
    }

    @Override
    public CompletionStage<Void> leave(Topic topic, String session) {
        store.topics.computeIfPresent(topic, (name, nodes) -> {
            OfNode own = nodes.get(self);
            if (own != null) {
                own.leave(session);
                if (own.sessions.isEmpty()) {
                    nodes.remove(self);
                }
            }
            return nodes.isEmpty() ? null : nodes;
        });
        return done();
    }

    @Override
    public CompletionStage<Page> list(Topic topic, String page, int limit, Set<Long> lapsed) {
        int space = page.indexOf(' ');
        if (space < 0 && !page.isEmpty()) {
            throw new IllegalArgumentException("there is no such page");
        }
        long node = page.isEmpty() ? Long.MIN_VALUE : Long.parseLong(page.substring(0, space));
        var reading = new Reading(node, page.substring(space + 1), limit, lapsed);
        store.topics.computeIfPresent(topic, (name, nodes) -> {
            reading.over(nodes);
            return nodes;
        });
        return CompletableFuture.completedFuture(new Page(reading.entries, reading.next, Set.copyOf(reading.nodes)));
    }

    /** A page as it is gathered. */
    private static final class Reading {
        private final long from;
        private final String after;
        private final int limit;
        private final Set<Long> lapsed;
        final List<Entry> entries = new ArrayList<>();
        final Set<Long> nodes = new HashSet<>();
        String next = "";

        Reading(long from, String after, int limit, Set<Long> lapsed) {
            this.from = from;
            this.after = after;
            this.limit = limit;
            this.lapsed = lapsed;
        }

        void over(SortedMap<Long, OfNode> all) {
            all.tailMap(from).forEach((node, entered) -> {
                if (!lapsed.contains(node) && next.isEmpty()) {
                    nodes.add(node);
                    take(node, entered.sessions.tailMap(node == from ? after : "", false));
                }
            });
        }

        private void take(long node, SortedMap<String, Entry> sessions) {
            for (Entry entry : sessions.values()) {
                if (entries.size() >= limit) {
                    next = node + " " + entries.getLast().session();
                    return;
                }
                entries.add(entry);
            }
        }
    }

    @Override
    public CompletionStage<Count> count(Topic topic, Set<Long> lapsed) {
        @Nullable Count[] count = {null};
        store.topics.computeIfPresent(topic, (name, nodes) -> {
            count[0] = count(nodes, lapsed);
            return nodes;
        });
        Count found = count[0];
        return CompletableFuture.completedFuture(found == null ? new Count(0, 0, true, Set.of()) : found);
    }

    private static Count count(SortedMap<Long, OfNode> nodes, Set<Long> lapsed) {
        var living = new TreeMap<>(nodes);
        living.keySet().removeAll(lapsed);
        long sessions = 0;
        long users = 0;
        for (OfNode node : living.values()) {
            sessions += node.sessions.size();
            users += node.users.size();
        }
        boolean exact = living.size() < 2 || users <= EXACT_USERS;
        if (living.size() > 1 && exact) {
            var all = new HashSet<String>();
            living.values().forEach(node -> all.addAll(node.users.keySet()));
            users = all.size();
        }
        return new Count(sessions, users, exact, Set.copyOf(living.keySet()));
    }

    @Override
    public CompletionStage<Boolean> keep(Topic topic, int sessions) {
        int[] count = {0};
        store.topics.computeIfPresent(topic, (name, nodes) -> {
            OfNode own = nodes.get(self);
            count[0] = own == null ? 0 : own.sessions.size();
            return nodes;
        });
        return CompletableFuture.completedFuture(count[0] == sessions);
    }

    @Override
    public CompletionStage<Void> forget(Topic topic) {
        store.topics.computeIfPresent(topic, (name, nodes) -> {
            nodes.remove(self);
            return nodes.isEmpty() ? null : nodes;
        });
        return done();
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
