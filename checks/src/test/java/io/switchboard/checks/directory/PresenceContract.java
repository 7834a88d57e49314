package io.switchboard.checks.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.Presence;
import io.switchboard.directory.Presence.Count;
import io.switchboard.directory.Presence.Entry;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes, each with its own instance on the same store. */
abstract class PresenceContract {
    static final int AT_ONCE = 1_000;
    private static final long FIRST = 0x7fff_0000_0000_0000L;
    private static final Topic ROOM = Topic.of("chat:room {1}");

    private final List<Presence> nodes = new ArrayList<>();

    /** An instance that can be asked. */
    abstract Presence open(Origin self);

    /** The store loses all it had. */
    abstract void forget();

    @BeforeEach
    void openAll() {
        for (int i = 0; i < 3; i++) {
            nodes.add(open(new Origin("n" + i, FIRST + i)));
        }
        forget();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void enter(int node, String session, String user) {
        get(nodes.get(node).enter(ROOM, new Entry(session, user, null, null)));
    }

    private void enterMany(int node, int from, int to) {
        var all = new ArrayList<CompletableFuture<?>>();
        for (int i = from; i < to; i++) {
            all.add(nodes.get(node)
                    .enter(ROOM, new Entry("s" + node + "-" + i, "u" + i, null, null))
                    .toCompletableFuture());
            settle(all, AT_ONCE);
        }
        settle(all, 0);
    }

    /** Waits for all if there are more than so many: a store need not take any number at once. */
    static void settle(List<CompletableFuture<?>> all, int more) {
        if (all.size() > more) {
            get(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)));
            all.clear();
        }
    }

    private Count count(Set<Long> lapsed) {
        return get(nodes.get(2).count(ROOM, lapsed));
    }

    private void assertCount(long sessions, long users, Set<Long> lapsed) {
        Count count = count(lapsed);
        assertEquals(sessions, count.sessions());
        assertEquals(users, count.users());
        assertTrue(count.exact());
    }

    /** All pages. */
    private Map<String, Entry> list(int limit, Set<Long> lapsed) {
        var found = new HashMap<String, Entry>();
        String next = "";
        do {
            Presence.Page page = get(nodes.get(1).list(ROOM, next, limit, lapsed));
            page.entries().forEach(entry -> found.put(entry.session(), entry));
            next = page.next();
        } while (!next.isEmpty());
        return found;
    }

    private static String text(@Nullable Message message) {
        if (message == null) {
            return "none";
        }
        if (message.kind() != Message.Kind.BINARY) {
            return message.kind() + " " + message.asText();
        }
        byte[] bytes = message.toByteArray();
        return "BINARY " + bytes[0] + " " + bytes[1] + " " + bytes[2];
    }

    private static Entry one(Map<String, Entry> all, String session) {
        return Objects.requireNonNull(all.get(session), session);
    }

    @Test
    void whoComesIsSeenByAllUntilItGoes() {
        assertCount(0, 0, Set.of());
        assertEquals(Map.of(), list(10, Set.of()));
        var info = Message.json("{\"name\":\"An\\n {}\"}");
        get(nodes.get(0).enter(ROOM, new Entry("s1", "ann", info, Message.binary(new byte[] {0, -1, 10}))));
        enter(1, "s2", "ann");
        enter(1, "s3", "");
        assertCount(3, 2, Set.of());
        var all = list(10, Set.of());
        assertEquals(Set.of("s1", "s2", "s3"), all.keySet());
        assertEquals("JSON {\"name\":\"An\\n {}\"}", text(one(all, "s1").info()));
        assertEquals("BINARY 0 -1 10", text(one(all, "s1").topicInfo()));
        assertEquals("ann", one(all, "s2").user());
        assertEquals("none", text(one(all, "s2").info()));
        get(nodes.get(0).leave(ROOM, "s1"));
        get(nodes.get(0).leave(ROOM, "s1"));
        get(nodes.get(0).leave(ROOM, "s2"));
        assertCount(2, 2, Set.of());
        get(nodes.get(1).leave(ROOM, "s2"));
        get(nodes.get(1).leave(ROOM, "s3"));
        assertCount(0, 0, Set.of());
        assertEquals(Set.of(), count(Set.of()).nodes());
    }

    @Test
    void whatIsKnownOfOneIsReplaced() {
        enter(0, "s1", "ann");
        get(nodes.get(0).enter(ROOM, new Entry("s1", "ben", Message.json("1"), null)));
        assertCount(1, 1, Set.of());
        assertEquals("ben", one(list(5, Set.of()), "s1").user());
        get(nodes.get(0).leave(ROOM, "s1"));
        assertCount(0, 0, Set.of());
    }

    @Test
    void aDeadNodeHasNobody() {
        enter(0, "s1", "ann");
        enter(1, "s2", "ann");
        enter(1, "s3", "ben");
        assertEquals(Set.of(FIRST, FIRST + 1), count(Set.of()).nodes());
        assertCount(1, 1, Set.of(FIRST + 1));
        assertEquals(Set.of("s1"), list(5, Set.of(FIRST + 1)).keySet());
        assertCount(0, 0, Set.of(FIRST, FIRST + 1));
    }

    @Test
    void whatIsKeptIsKnownToBeThere() {
        assertTrue(get(nodes.get(0).keep(ROOM, 0)));
        enter(0, "s1", "ann");
        enter(0, "s2", "ben");
        assertTrue(get(nodes.get(0).keep(ROOM, 2)));
        assertFalse(get(nodes.get(0).keep(ROOM, 3)));
        forget();
        assertFalse(get(nodes.get(0).keep(ROOM, 2)));
    }

    @Test
    void aNodeForgetsItsOwnOnly() {
        enter(0, "s1", "ann");
        enter(1, "s2", "ben");
        get(nodes.get(0).forget(ROOM));
        assertEquals(Set.of("s2"), list(5, Set.of()).keySet());
        assertCount(1, 1, Set.of());
    }

    @Test
    void aThousandAreListedPageByPage() {
        enterMany(0, 0, 600);
        enterMany(1, 300, 900);
        assertCount(1_200, 900, Set.of());
        assertEquals(1_200, list(100, Set.of()).size());
        assertEquals(600, list(7, Set.of(FIRST)).size());
        assertThrows(IllegalArgumentException.class, () -> nodes.get(0).list(ROOM, "nonsense", 5, Set.of()));
    }

    @Test
    void beyondTenThousandUsersTheCountIsAnEstimateAndSaysSo() {
        enterMany(0, 0, 8_000);
        assertCount(8_000, 8_000, Set.of());
        enterMany(1, 6_000, 14_000);
        Count count = count(Set.of());
        assertEquals(16_000, count.sessions());
        assertFalse(count.exact());
        assertTrue(count.users() >= 8_000 && count.users() <= 16_000, count::toString);
    }
}
