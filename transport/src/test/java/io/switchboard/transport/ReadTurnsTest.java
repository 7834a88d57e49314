package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Handler;
import io.switchboard.hub.Session;
import io.switchboard.message.Message;
import io.switchboard.message.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A connection that floods its loop lets the others of that loop have their turn. */
class ReadTurnsTest {
    /** What one connection may have read at once. */
    private static final int TURN_BYTES = 64 << 10;

    /** Stops the loop at the first message until told to go on; notes how many of the flood came before the others. */
    private static final class Counting implements Handler {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger flood = new AtomicInteger();
        final List<Integer> before = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<Decision> onPublish(Session session, Topic topic, Message message) {
            if (topic.equals(Topic.group("flood"))) {
                if (flood.incrementAndGet() == 1) {
                    begun.countDown();
                    await(release);
                }
            } else {
                before.add(flood.get());
            }
            return CompletableFuture.completedFuture(Decision.ALLOW);
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aFloodIsReadInPortions() throws Exception {
        var handler = new Counting();
        byte[] frame = RawClient.frame(RawClient.TEXT, true, "pub flood x".getBytes(StandardCharsets.UTF_8));
        try (var server = TestServer.withNode(config -> config.withHandler(handler));
                var flooder = server.join("/t/1");
                var elsewhere = server.join("/t/2");
                var other = server.join("/t/3")) {
            for (RawClient client : List.of(flooder, elsewhere, other)) {
                String group = client == flooder ? "flood" : "other";
                client.text("join " + group);
                client.expectText("joined " + group);
            }
            // Of two loops the first and the third connection share one.
            var chunk = new ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++) {
                chunk.writeBytes(frame);
            }
            var flooding = Thread.ofVirtual().start(() -> {
                try {
                    // Closed with 4029 in the end, and perhaps before it has said all.
                    for (int i = 0; i < 100; i++) {
                        flooder.send(chunk.toByteArray());
                    }
                } catch (IOException e) {
                    assertTrue(handler.flood.get() > 0);
                }
            });
            Counting.await(handler.begun);
            other.text("pub other x");
            // The flooder has filled what the kernel takes by now, or soon.
            elsewhere.text("here");
            elsewhere.expectText("here");
            handler.release.countDown();
            TestServer.await("the other had its turn", () -> !handler.before.isEmpty());
            int bound = 2 * TURN_BYTES / frame.length + 1;
            assertTrue(handler.before.getFirst() <= bound, handler.before.getFirst() + " messages of the flood");
            TestServer.await("more of the flood than that", () -> handler.flood.get() > bound);
            flooder.reset();
            flooding.join();
        }
    }
}
