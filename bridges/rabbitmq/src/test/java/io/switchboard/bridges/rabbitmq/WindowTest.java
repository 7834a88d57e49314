package io.switchboard.bridges.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Outgoing;
import io.switchboard.backplane.Remote;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was written and awaits the broker's word. */
class WindowTest {
    private record Numbered(Publication publication) implements Outgoing {
        static Numbered of(long number) {
            return new Numbered(Publication.of(Topic.ALL, Message.text(Long.toString(number))));
        }

        long number() {
            return Long.parseLong(publication.message().asText());
        }

        @Override
        public void settled(Remote remote) {}
    }

    private final Window window = new Window();
    private final List<Long> settled = new ArrayList<>();

    private void settle(Outgoing outgoing) {
        settled.add(((Numbered) outgoing).number());
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            long next = window.add(null, 0, 0) + 1;
            assertEquals(next, window.add(Numbered.of(next), 10, next));
        }
    }

    @Test
    void oneOrAllUpToOneAreConfirmed() {
        add(4);
        window.confirmed(4, false, this::settle);
        assertEquals(8, window.count());
        window.confirmed(4, false, this::settle);
        window.confirmed(6, true, this::settle);
        assertEquals(2, window.count());
        window.confirmed(100, true, this::settle);
        window.confirmed(3, false, this::settle);
        assertEquals(List.of(4L, 2L, 6L, 8L), settled);
        assertEquals(0, window.count());
    }

    @Test
    void whatWaitsTooLongIsGivenUpAndALateWordIgnored() {
        add(3);
        window.expire(5, this::settle);
        assertEquals(List.of(2L, 4L), settled);
        window.confirmed(6, true, this::settle);
        assertEquals(List.of(2L, 4L, 6L), settled);
    }

    @Test
    void whatWasNotWrittenIsTakenBackInOrder() {
        add(4);
        window.confirmed(6, false, this::settle);
        var unwritten = window.withdraw(3).stream()
                .map(outgoing -> ((Numbered) outgoing).number())
                .toList();
        assertEquals(List.of(4L, 8L), unwritten);
        assertEquals(2, window.count());
        window.confirmed(2, true, this::settle);
        assertEquals(List.of(6L, 2L), settled);
    }

    @Test
    void thereIsRoomForSoManyOnly() {
        for (int i = 0; i < Bounds.WINDOW_COUNT; i++) {
            assertTrue(window.hasRoom());
            window.add(Numbered.of(i + 1), 1, 0);
        }
        assertFalse(window.hasRoom());
        window.confirmed(1, false, this::settle);
        assertTrue(window.hasRoom());
        window.add(Numbered.of(1), (int) Bounds.WINDOW_BYTES, 0);
        assertFalse(window.hasRoom());
    }

    @Test
    void eachIsSettledOnceWhateverTheBrokerSays() {
        var random = new Random(5);
        var open = new TreeMap<Long, Integer>();
        long highest = 0;
        for (int round = 0; round < 20_000; round++) {
            if (window.hasRoom() && random.nextInt(3) > 0) {
                highest++;
                assertEquals(highest, window.add(Numbered.of(highest), 1, round));
                open.put(highest, 1);
            } else {
                boolean multiple = random.nextInt(4) == 0;
                long number = random.nextLong(Math.max(0, highest - 50), highest + 3);
                window.confirmed(number, multiple, this::settle);
                if (multiple) {
                    open.headMap(number, true).clear();
                } else {
                    open.remove(number);
                }
            }
            assertEquals(highest - open.size(), settled.size());
        }
        assertEquals(settled.size(), settled.stream().distinct().count());
    }
}
