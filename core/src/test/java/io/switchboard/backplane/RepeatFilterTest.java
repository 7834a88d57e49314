package io.switchboard.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.Origin;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {
    private static final Origin A = new Origin("a", 1);

    private final RepeatFilter filter = new RepeatFilter();

    @Test
    void aSequenceIsNewOnce() {
        assertTrue(filter.isNew(A, 1));
        assertFalse(filter.isNew(A, 1));
        assertTrue(filter.isNew(A, 3));
        assertTrue(filter.isNew(A, 2));
        assertFalse(filter.isNew(A, 2));
    }

    @Test
    void incarnationsAreToldApart() {
        assertTrue(filter.isNew(A, 1));
        assertTrue(filter.isNew(new Origin("a", 2), 1));
    }

    @Test
    void loopsOfAnOriginAreToldApart() {
        assertTrue(filter.isNew(A, 20_000));
        assertTrue(filter.isNew(A, 3L << RepeatFilter.LOOP_SHIFT | 1));
        assertFalse(filter.isNew(A, 3L << RepeatFilter.LOOP_SHIFT | 1));
        assertTrue(filter.isNew(A, 255L << RepeatFilter.LOOP_SHIFT | 1));
    }

    @Test
    void whatCarriesNoSequenceIsAlwaysNew() {
        assertTrue(filter.isNew(Origin.UNKNOWN, 0));
        assertTrue(filter.isNew(Origin.UNKNOWN, 0));
    }

    @Test
    void whatIsOlderThanTheWindowCountsAsARepeat() {
        assertTrue(filter.isNew(A, 10_000));
        assertFalse(filter.isNew(A, 10_000 - RepeatFilter.WINDOW));
        assertTrue(filter.isNew(A, 10_001 - RepeatFilter.WINDOW));
    }

    @Test
    void itAgreesWithASetWhateverTheOrder() {
        var random = new Random(7);
        Set<Long> seen = new HashSet<>();
        long base = 1;
        for (int i = 0; i < 200_000; i++) {
            base += random.nextInt(100) == 0 ? random.nextInt(20_000) : random.nextInt(3);
            long sequence = Math.max(1, base - random.nextInt(4_000));
            assertEquals(seen.add(sequence), filter.isNew(A, sequence), "sequence " + sequence);
        }
    }
}
