package io.switchboard.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.BackplaneProvider.Settings;
import io.switchboard.message.Message;
import io.switchboard.message.Origin;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Publications that wait to be sent, and what becomes of those that wait in vain. */
class OutboxTest {
    private static final int PAYLOAD_BYTES = 10_000;

    private final List<String> settled = new ArrayList<>();
    private long now;
    private final Outbox outbox = outbox();

    private Outbox outbox() {
        var meters = new Meters();
        var log = new RareLog("io.switchboard.backplane.test");
        var settings = new Settings(
                "",
                "c",
                new Origin("a", 1),
                WireFormat.envelope(),
                List.of(),
                meters,
                1 << 20,
                Duration.ofSeconds(10),
                Map.of());
        return new Outbox("Broker", PAYLOAD_BYTES, settings, new Tally(meters, log, () -> true), log, () -> now);
    }

    private final class Text implements Outgoing {
        private final String text;

        Text(String text) {
            this.text = text;
        }

        @Override
        public Publication publication() {
            return Publication.of(Topic.ALL, Message.text(text));
        }

        @Override
        public void settled(Remote remote) {
            settled.add(text + " " + remote);
        }
    }

    private void publish(String... texts) {
        outbox.publish(List.of(texts).stream().map(Text::new).toList());
    }

    private List<Outgoing> poll(int bytes) {
        return outbox.decide(() -> outbox.poll(bytes));
    }

    private static List<String> texts(List<Outgoing> outgoing) {
        return outgoing.stream()
                .map(one -> one.publication().message().asText())
                .toList();
    }

    @Test
    void whatWaitedForTheLinkGoesFirst() {
        publish("1", "2");
        outbox.change(outbox::raise);
        publish("3", "4");
        assertEquals(List.of("1", "2", "3", "4"), texts(poll(100)));
        assertEquals(List.of(), settled);
    }

    @Test
    void whatIsInLineWhenTheLinkGoesDownWaitsBehindWhatIsPutBack() {
        outbox.change(outbox::raise);
        publish("1", "2", "3");
        var taken = poll(2);
        outbox.change(outbox::lower);
        publish("4");
        outbox.change(() -> outbox.putBack(taken, Remote.REFUSED));
        assertEquals(List.of(), poll(100));
        outbox.change(outbox::raise);
        assertEquals(List.of("1", "2", "3", "4"), texts(poll(100)));
    }

    @Test
    void aBatchIsNoLargerThanItMayBeButHasOneAtLeast() {
        publish("12345", "678", "90");
        outbox.change(outbox::raise);
        publish("abcdef", "g");
        assertEquals(List.of("12345"), texts(poll(7)));
        assertEquals(List.of("678", "90"), texts(poll(7)));
        assertEquals(List.of("abcdef"), texts(poll(1)));
        assertEquals(List.of("g"), texts(poll(1)));
    }

    @Test
    void whatIsTooLargeOrWaitsTooLongInLineIsRefused() {
        outbox.change(outbox::raise);
        publish("x".repeat(PAYLOAD_BYTES));
        assertEquals(1, settled.size());
        settled.clear();
        publish("old");
        now = 2_000;
        publish("young");
        now = 4_000;
        outbox.change(outbox::expire);
        assertEquals(List.of("old REFUSED"), settled);
        assertEquals(List.of("young"), texts(poll(100)));
    }

    @Test
    void outcomesAreToldWhereOneMayPublishAgain() throws InterruptedException {
        publish("spooled");
        outbox.change(() -> {
            outbox.raise();
            outbox.settle(new Text("sent"), Remote.ACCEPTED);
            assertEquals(List.of(), settled);
        });
        publish("in line");
        outbox.change(outbox::close);
        publish("late");
        assertEquals(List.of("sent ACCEPTED", "in line REFUSED", "spooled REFUSED", "late REFUSED"), settled);
        assertNull(outbox.await(() -> "work"));
        assertTrue(outbox.isClosed());
    }
}
