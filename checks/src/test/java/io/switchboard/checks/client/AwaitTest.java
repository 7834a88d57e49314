package io.switchboard.checks.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    @Test
    void looksUntilItIsEnough() {
        var looks = new AtomicInteger();
        assertEquals(3, Await.until("three looks", looks::incrementAndGet, count -> count == 3));
    }

    @Test
    void failureNamesWhatWasAwaitedAndSeenLast() {
        var failure = assertThrows(
                AssertionError.class,
                () -> Await.until("the moon", Duration.ofMillis(10), () -> "cheese", "moon"::equals));
        assertTrue(failure.toString().contains("the moon"), failure::toString);
        assertTrue(failure.toString().endsWith("last seen: cheese"), failure::toString);
    }

    @Test
    void exceptionMeansNotYet() {
        var looks = new AtomicInteger();
        Await.until("a quiet look", () -> {
            if (looks.incrementAndGet() < 3) {
                throw new IOException("not yet");
            }
            return true;
        });
        assertEquals(3, looks.get());
    }
}
