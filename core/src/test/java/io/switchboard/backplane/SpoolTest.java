package io.switchboard.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.message.Message;
import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publications that are taken one by one, and come back when they could not be written. */
class SpoolTest {
    private final List<String> refused = new ArrayList<>();
    private final Spool spool = new Spool(100_000, 100, (outgoing, remote) -> refused.add(text(outgoing)), bytes -> {});

    private record Text(Publication publication) implements Outgoing {
        @Override
        public void settled(Remote remote) {}
    }

    private static Outgoing outgoing(int number) {
        return new Text(Publication.of(Topic.ALL, Message.text(Integer.toString(number))));
    }

    private static String text(Outgoing outgoing) {
        return outgoing.publication().message().asText();
    }

    private List<Outgoing> poll(int count) {
        var polled = new ArrayList<Outgoing>();
        for (int i = 0; i < count; i++) {
            polled.add(spool.poll());
        }
        return polled;
    }

    private List<String> rest() {
        var texts = new ArrayList<String>();
        while (!spool.isEmpty()) {
            texts.add(text(spool.poll()));
        }
        return texts;
    }

    @Test
    void whatIsPutBackIsInFrontAndInOrderHoweverOftenItComesBack() {
        for (int i = 0; i < 6; i++) {
            spool.add(outgoing(i), 0);
        }
        spool.putBack(poll(5), 0);
        spool.putBack(poll(2), 0);
        assertEquals(List.of("0", "1", "2", "3", "4", "5"), rest());
    }

    @Test
    void whatIsPutBackDoesNotGetMoreTime() {
        spool.add(outgoing(1), 0);
        spool.putBack(poll(1), 90);
        spool.expire(99);
        assertTrue(refused.isEmpty());
        spool.expire(100);
        assertEquals(List.of("1"), refused);
    }
}
