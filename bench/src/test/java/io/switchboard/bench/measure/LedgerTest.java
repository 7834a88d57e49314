package io.switchboard.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger(2);

    @Test
    void losesNothingOfAnOrderlyStream() {
        for (int number = 0; number < 1_000; number++) {
            assertTrue(ledger.hear(0, number));
        }
        assertCounts(1_000, 0, 0, 0);
    }

    @Test
    void aGapIsMissingUntilItIsFilled() {
        hear(0, 1, 3, 4);
        assertCounts(4, 0, 0, 0);
        hear(2);
        assertCounts(5, 0, 1, 0);
    }

    @Test
    void aRepeatIsARepeatHoweverLate() {
        hear(0, 1, 1, 2, 0);
        assertCounts(3, 2, 0, 0);
    }

    @Test
    void theFirstMayBeAnyNumber() {
        hear(100, 99, 99);
        assertCounts(2, 1, 1, 0);
    }

    @Test
    void whatIsOlderThanTheWindowIsNotGuessedAt() {
        hear(100);
        assertFalse(ledger.hear(0, 36));
        assertTrue(ledger.hear(0, 37));
        assertCounts(2, 0, 1, 1);
    }

    @Test
    void pairsDoNotMix() {
        hear(0, 1);
        assertTrue(ledger.hear(1, 0));
        assertEquals(List.of(2L, 1L), List.of(ledger.heard(0), ledger.heard(1)));
    }

    @Test
    void itAgreesWithAFullList() {
        var random = new Random(7);
        var all = new BitSet();
        long repeated = 0;
        int highest = 0;
        for (int i = 0; i < 20_000; i++) {
            highest += random.nextInt(3);
            int number = Math.max(0, highest - random.nextInt(60));
            repeated += all.get(number) ? 1 : 0;
            assertEquals(!all.get(number), ledger.hear(0, number));
            all.set(number);
        }
        assertEquals(all.cardinality(), ledger.distinct());
        assertEquals(repeated, ledger.repeated());
        assertEquals(0, ledger.tooLateToTell());
    }

    private void hear(int... numbers) {
        for (int number : numbers) {
            ledger.hear(0, number);
        }
    }

    private void assertCounts(long distinct, long repeated, long reordered, long tooLate) {
        assertEquals(
                List.of(distinct, repeated, reordered, tooLate),
                List.of(ledger.distinct(), ledger.repeated(), ledger.reordered(), ledger.tooLateToTell()));
    }
}
