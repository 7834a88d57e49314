package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.directory.LoginPolicy;
import io.switchboard.message.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By chance: a slow session hears each topic in order, without repeats, and of every hole that there is one. */
class BacklogTest {
    private static final List<String> TOPICS =
            List.of("oldest:a", "oldest:b", "newest:a", "newest:b", "conflate:a", "conflate:b", "conflate:c");
    private static final int STEPS = 3_000;

    /** When a message of a topic was published, by its number. */
    private final Map<String, List<Integer>> published = new HashMap<>();

    private final Map<String, Integer> lastHeard = new HashMap<>();
    private final Map<String, Integer> gapHeard = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nothingIsLostSilently(long seed) {
        var random = new Random(seed);
        Limits limits = Limits.DEFAULT.with(usual -> {
            usual.backlogBytes = 4_000 + random.nextInt(8_000);
            usual.backlogTime = Duration.ofSeconds(2);
        });
        var board = new TestHub(1, new RecordingBackplane(), LoginPolicy.MANY, limits, Handler.NONE);
        Topic[] topics = TOPICS.stream().map(Topic::of).toArray(Topic[]::new);
        var ann = board.client(0, "ann", topics);
        board.client(0, "quick", topics);
        var slow = board.client(0, "slow", topics);
        slow.limit = 2_000;
        slow.take();
        int echoes = 0;
        var heard = new ArrayList<String>();
        for (int step = 0; step < STEPS; step++) {
            int what = random.nextInt(100);
            if (what < 90) {
                String topic = TOPICS.get(random.nextInt(TOPICS.size()));
                List<Integer> steps = published.computeIfAbsent(topic, _name -> new ArrayList<>());
                ann.sends("pub " + topic + " " + steps.size() + " " + "x".repeat(random.nextInt(300)));
                steps.add(step);
                if (random.nextInt(3) == 0) {
                    board.settle();
                }
            } else if (what < 92) {
                board.settle();
                board.pass(PressedSessions.TICK_MILLIS);
            } else if (what < 93) {
                slow.says("echo e" + echoes++);
            } else {
                board.settle();
                slow.reads();
            }
            for (String line : slow.take()) {
                heard.add(line);
                check(line, step);
            }
        }
        board.settle();
        for (String line : slow.readsAll()) {
            heard.add(line);
            check(line, STEPS);
        }
        assertNull(slow.closed);
        published.forEach((topic, steps) -> checkEnd(topic, steps.size()));
        checkAnswers(heard, echoes);
        assertEquals(0, board.framing.held.get());
        assertEquals(0, board.meters.sum("switchboard.backlog.bytes"));
        assertEquals(0, board.meters.sum("switchboard.sessions.pressed"));
        assertTrue(board.meters.sum("switchboard.dropped") > 100, "the test tests something");
    }

    /** In order, all of them. */
    private static void checkAnswers(List<String> heard, int echoes) {
        int next = 0;
        for (String line : heard) {
            if (line.startsWith("e")) {
                assertEquals(next++, Integer.parseInt(line.substring(1)));
            }
        }
        assertEquals(echoes, next);
    }

    private void check(String line, int step) {
        if (line.startsWith("gap ")) {
            gapHeard.put(line.substring(4), step);
        } else if (line.contains(" ann: ")) {
            String topic = line.substring(0, line.indexOf(' '));
            String text = line.substring(line.indexOf(": ") + 2);
            int number = Integer.parseInt(text.substring(0, text.indexOf(' ')));
            int before = lastHeard.getOrDefault(topic, -1);
            assertTrue(number > before, () -> topic + ": " + number + " after " + before);
            if (number > before + 1) {
                toldOf(topic, number - 1);
            }
            lastHeard.put(topic, number);
        }
    }

    /** The client was told of a gap not before that one had been published. */
    private void toldOf(String topic, int missing) {
        int told = gapHeard.getOrDefault(topic, -1);
        assertTrue(
                told >= published.getOrDefault(topic, List.of()).get(missing),
                () -> topic + ": nothing was said of " + missing);
    }

    private void checkEnd(String topic, int count) {
        if (lastHeard.getOrDefault(topic, -1) < count - 1) {
            toldOf(topic, count - 1);
        }
    }
}
