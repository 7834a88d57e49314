package io.switchboard.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WheelTest {
    /** The test is the loop: it runs what was scheduled, one task at a time. */
    private static final class HandLoop implements Loop {
        final ArrayDeque<Runnable> scheduled = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void afterInput(Runnable task) {
            execute(task);
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void schedule(Runnable task, long delayMillis) {
            scheduled.add(task);
        }

        @Override
        public <T> Optional<T> unwrap(Class<T> type) {
            return Optional.empty();
        }

        void tick() {
            scheduled.remove().run();
        }
    }

    private final HandLoop loop = new HandLoop();
    private final Wheel wheel = new Wheel(loop, 10, 100);

    private final class Entry implements Wheel.Timed {
        final List<Integer> asked = new ArrayList<>();
        int again;
        int slot = -1;
        int seat;

        @Override
        public int due() {
            asked.add(wheel.now());
            return again;
        }

        @Override
        public int slot() {
            return slot;
        }

        @Override
        public int seat() {
            return seat;
        }

        @Override
        public void placed(int newSlot, int newSeat) {
            slot = newSlot;
            seat = newSeat;
        }
    }

    @Test
    void asksWhenDueAndAgainAsLongAsItIsWanted() {
        var once = new Entry();
        var often = new Entry();
        often.again = 7;
        wheel.add(once, 5);
        wheel.add(often, 3);
        for (int i = 0; i < 20; i++) {
            loop.tick();
        }
        assertEquals(List.of(5), once.asked);
        assertEquals(List.of(3, 10, 17), often.asked);
        assertEquals(1, wheel.size());
    }

    @Test
    void standsStillWhileNobodyWaits() {
        var entry = new Entry();
        wheel.add(entry, 2);
        loop.tick();
        wheel.remove(entry);
        wheel.remove(entry);
        loop.tick();
        assertTrue(loop.scheduled.isEmpty());
        wheel.add(entry, 1);
        assertEquals(1, loop.scheduled.size());
    }

    @Test
    void keepsEveryEntryAtItsTimeThroughManyMoves() {
        var random = new Random(3);
        var entries = new ArrayList<Entry>();
        Map<Entry, Integer> expected = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            entries.add(new Entry());
        }
        for (int tick = 0; tick < 300; tick++) {
            for (int i = 0; i < 50; i++) {
                Entry entry = entries.get(random.nextInt(entries.size()));
                if (random.nextInt(3) == 0) {
                    wheel.remove(entry);
                    expected.remove(entry);
                } else {
                    int ticks = 1 + random.nextInt(100);
                    wheel.move(entry, ticks);
                    expected.put(entry, wheel.now() + ticks);
                }
            }
            loop.tick();
            for (Entry entry : entries) {
                boolean due = expected.getOrDefault(entry, -1) == wheel.now();
                assertEquals(due ? List.of(wheel.now()) : List.of(), entry.asked);
                if (due) {
                    expected.remove(entry);
                }
                entry.asked.clear();
            }
            assertEquals(expected.size(), wheel.size());
        }
    }
}
