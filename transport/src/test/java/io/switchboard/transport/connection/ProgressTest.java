package io.switchboard.transport.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Progress BEFORE = new Progress(1_000, 50);

    @Test
    void lessThatWaitsIsProgress() {
        assertTrue(new Progress(999, 50).isBeyond(BEFORE));
        assertTrue(new Progress(0, 0).isBeyond(BEFORE));
    }

    @Test
    void moreTakenOfTheFirstIsProgressThoughMoreWaits() {
        assertTrue(new Progress(2_000, 51).isBeyond(BEFORE));
        assertTrue(new Progress(2_000, 0).isBeyond(BEFORE));
    }

    @Test
    void thatMoreHasComeIsNone() {
        assertFalse(new Progress(1_000, 50).isBeyond(BEFORE));
        assertFalse(new Progress(2_000, 50).isBeyond(BEFORE));
    }
}
