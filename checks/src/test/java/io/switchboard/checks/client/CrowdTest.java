package io.switchboard.checks.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final int MEMBERS = 5_000;
    private static final int ROUNDS = 4;

    @Test
    void fiveThousandHearExactlyWhatTheySaid() {
        try (var server = EchoServer.start();
                var crowd = Crowd.connect(Collections.nCopies(MEMBERS, server.uri("/")))) {
            var lines = new ArrayList<Line>();
            var expected = new HashMap<Integer, Map<String, Integer>>();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < MEMBERS; i++) {
                    lines.add(new Line(
                            i, "user says " + Stamp.of("echo", "m" + i, round).text()));
                    expected.put(i, Map.of(Stamp.stream("echo", "m" + i), ROUNDS));
                }
            }
            crowd.say(lines, 100_000);
            crowd.awaitMessages((long) MEMBERS * ROUNDS, Duration.ofSeconds(30));
            assertEquals(List.of(), crowd.differences(expected));
            assertEquals(Map.of(), crowd.endings());
        }
    }

    @Test
    void longMessagesAreJoinedFromManyReads() {
        try (var server = EchoServer.start();
                var crowd = Crowd.connect(List.of(server.uri("/")))) {
            for (int i = 0; i < 10; i++) {
                crowd.send(0, "z".repeat(200_000) + Stamp.of("t", "s", i).text());
            }
            crowd.awaitMessages(10, Duration.ofSeconds(10));
            assertEquals(List.of(), crowd.ledger(0).differences(Map.of(Stamp.stream("t", "s"), 10)));
        }
    }

    @Test
    void endingsAreNoticed() {
        try (var server = EchoServer.start();
                var crowd = Crowd.connect(Collections.nCopies(3, server.uri("/")))) {
            crowd.abort(0);
            crowd.send(1, "reset");
            Await.until("two endings", crowd::endings, endings -> endings.size() == 2);
            assertEquals("aborted by the test", crowd.endings().get(0));
            var refused = assertThrows(AssertionError.class, () -> crowd.join(List.of(server.uri("/refuse"))));
            assertTrue(refused.toString().contains("refused with 403"), refused::toString);
        }
    }

    @Test
    void ledgerNoticesLossRepetitionAndDisorder() {
        assertEquals(List.of(), differences(0, 1, 2));
        assertEquals(1, differences(0, 1).size());
        assertEquals(1, differences(0, 1, 1, 2).size());
        assertEquals(1, differences(0, 2).size());
        assertEquals(2, differences(0, 2, 1).size());
        assertEquals(1, differences(0, 1, 2, 3).size());
        var uncalledFor = new Ledger();
        uncalledFor.hear(Stamp.of("t", "s", 0));
        assertEquals(List.of("t<s: 1 came uncalled for"), uncalledFor.differences(Map.of()));
    }

    @Test
    void ledgerTellsHolesFromRepeats() {
        var ledger = new Ledger();
        for (int number : new int[] {0, 1, 4, 4, 5, 2}) {
            ledger.hear(Stamp.of("t", "s", number));
        }
        assertEquals(6, ledger.count("t<s"));
        assertEquals(4, ledger.heard("t<s"));
        assertEquals(2, ledger.repeats());
        assertEquals(4, ledger.copy().heard("t<s"));
        assertEquals(2, ledger.copy().repeats());
    }

    private static List<String> differences(int... numbers) {
        var ledger = new Ledger();
        for (int number : numbers) {
            ledger.hear(Stamp.of("t", "s", number));
        }
        return ledger.differences(Map.of("t<s", 3));
    }
}
