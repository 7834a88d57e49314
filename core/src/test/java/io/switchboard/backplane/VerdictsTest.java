package io.switchboard.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.message.Exclusion;
import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Sender;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    private final Verdicts verdicts =
            new Verdicts(new Tally(new Meters(), new RareLog(VerdictsTest.class.getName()), () -> true));
    private final List<String> told = new ArrayList<>();

    /** Told once, and does this first. */
    private Outgoing outgoing(String name, Runnable meanwhile) {
        var publication =
                Publication.from(Topic.group("g"), Message.text(name), new Sender("ann", "s"), Exclusion.NONE);
        return new Outgoing() {
            @Override
            public Publication publication() {
                return publication;
            }

            @Override
            public void settled(Remote remote) {
                meanwhile.run();
                told.add(name);
            }
        };
    }

    private void decide(String... names) {
        Stream.of(names).forEach(name -> verdicts.add(outgoing(name, () -> {}), Remote.REFUSED));
    }

    /** While one thread tells what was refused when the link fell, another has something newer refused. */
    @Test
    void whatAnotherThreadDecidesMeanwhileIsToldAfterwards() {
        verdicts.add(
                outgoing(
                        "a",
                        () -> onAnotherThread(() -> {
                            decide("d");
                            verdicts.tell();
                        })),
                Remote.REFUSED);
        decide("b", "c");
        verdicts.tell();
        assertEquals(List.of("a", "b", "c", "d"), told);
    }

    private static void onAnotherThread(Runnable task) {
        try {
            Thread.ofPlatform().start(task).join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoIsToldMayPublishAgain() {
        verdicts.add(
                outgoing("a", () -> {
                    decide("b");
                    verdicts.tell();
                }),
                Remote.REFUSED);
        verdicts.tell();
        assertEquals(List.of("a", "b"), told);
    }
}
