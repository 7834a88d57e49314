package io.switchboard.bridges.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.RareLog;
import io.switchboard.backplane.Remote;
import io.switchboard.backplane.Spool;
import io.switchboard.backplane.Tally;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Publications that wait: for an answer, or for a link. */
class QueuesTest {
    private final List<String> told = new ArrayList<>();

    private Outgoing outgoing(String text) {
        var publication = Publication.of(Topic.ALL, Message.text(text));
        return new Outgoing() {
            @Override
            public Publication publication() {
                return publication;
            }

            @Override
            public void settled(Remote remote) {
                told.add(text + " " + remote);
            }
        };
    }

    @Test
    void pendingKeepsTheOrderHoweverItGrows() {
        var pending = new Pending();
        Deque<Outgoing> expected = new ArrayDeque<>();
        var random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                Outgoing one = outgoing("x");
                pending.add(one, 10, round);
                expected.add(one);
            }
            for (int i = random.nextInt(3); i > 0 && !expected.isEmpty(); i--) {
                assertSame(expected.poll(), pending.poll());
            }
            assertEquals(expected.size(), pending.count());
        }
        while (!pending.isEmpty()) {
            assertSame(expected.poll(), pending.poll());
        }
        assertEquals(7, pending.oldest(7));
        assertTrue(pending.hasRoomFor((int) Pending.BYTES_MAX));
    }

    @Test
    void pendingIsBounded() {
        var pending = new Pending();
        pending.add(null, (int) Pending.BYTES_MAX - 5, 1);
        assertTrue(pending.hasRoomFor(5));
        assertFalse(pending.hasRoomFor(6));
        for (int i = 1; i < Pending.COUNT_MAX; i++) {
            pending.add(null, 0, 2);
        }
        assertFalse(pending.hasRoomFor(0));
        assertEquals(1, pending.oldest(9));
    }

    @Test
    void theSpoolGivesReturnedOnesFirstAndNoMoreTime() {
        var tally = new Tally(new Meters(), new RareLog("test"), () -> true);
        var spool = new Spool(10_000, 100, tally::settle, tally.spoolBytes::set);
        Outgoing first = outgoing("1");
        spool.addReturned(first, 0);
        spool.add(outgoing("2"), 10);
        var offered = new ArrayList<Outgoing>();
        spool.drain(offered::add);
        assertEquals(List.of("1", "2"), texts(offered));
        spool.addReturned(offered.getFirst(), 50);
        spool.expire(99);
        assertEquals(List.of(), told);
        spool.expire(100);
        assertEquals(List.of("1 REFUSED"), told);
    }

    @Test
    void theSpoolKeepsWhatIsNotTaken() {
        var tally = new Tally(new Meters(), new RareLog("test"), () -> true);
        var spool = new Spool(1_000, 100, tally::settle, tally.spoolBytes::set);
        for (int i = 0; i < 4; i++) {
            spool.add(outgoing("m" + i), i);
        }
        assertEquals(List.of("m3 REFUSED"), told);
        assertTrue(tally.spoolBytes.get() > 0);
        var taken = new ArrayList<Outgoing>();
        spool.drain(one -> one.publication().message().asText().equals("m1") && taken.add(one));
        assertEquals(List.of("m1"), texts(taken));
        spool.drain(taken::add);
        assertEquals(List.of("m1", "m0", "m2"), texts(taken));
        assertEquals(0, tally.spoolBytes.get());
    }

    private static List<String> texts(List<Outgoing> outgoing) {
        return outgoing.stream()
                .map(one -> one.publication().message().asText())
                .toList();
    }
}
