package io.switchboard.checks.drops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.drops.Listener.Cut;
import io.switchboard.checks.vectors.JsonReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two nodes with a broker between them, and log and directory in Redis. The broker is killed under load. */
abstract class BrokerBesideRedis {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "drops:both";
    private static final String PLAIN = "plain:talk";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Tally tally = new Tally();

    abstract Map<String, String> backplane();

    abstract void killBroker();

    abstract void restartBroker();

    /** What one listener heard, by offset. */
    private record Heard(ConcurrentSkipListMap<Long, String> byOffset, Listener listener) {}

    @Test
    void whoeverListensByPositionMissesNothingWhenTheBrokerIsKilled() {
        try (var ground = Ground.of(2, backplane())) {
            var over = new CountDownLatch(1);
            var all = new ArrayList<Heard>();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 6; i++) {
                Heard one = listener(ground, i, over);
                all.add(one);
                threads.add(Thread.startVirtualThread(one.listener));
            }
            Await.until("all to be there", PATIENCE, () -> tally.of("subscriptions") == all.size());
            var enough = new AtomicBoolean();
            var counts = new long[2];
            var talks = new ArrayList<Thread>();
            for (int node = 0; node < 2; node++) {
                int from = node;
                talks.add(Thread.startVirtualThread(() -> counts[from] = talk(ground.http(from), from, enough)));
            }
            crossesTheBroker(ground);
            heardMore(all, 100);
            all.getFirst().listener.cut(Cut.RESET);
            heardMore(all, 100);
            killBroker();
            Await.until(
                    "the nodes to notice",
                    PATIENCE,
                    () -> ground.nodes().stream().noneMatch(this::isLinked));
            heardMore(all, 100);
            all.get(1).listener.cut(Cut.FIN);
            heardMore(all, 100);
            restartBroker();
            Await.until(
                    "the nodes to notice",
                    PATIENCE,
                    () -> ground.nodes().stream().allMatch(this::isLinked));
            heardMore(all, 100);
            crossesTheBroker(ground);
            enough.set(true);
            joined(talks);
            judge(all, counts);
            over.countDown();
            Await.until("all to have left", PATIENCE, () -> {
                all.forEach(one -> one.listener.cut(Cut.RESET));
                return threads.stream().noneMatch(Thread::isAlive);
            });
        }
    }

    private void judge(List<Heard> all, long[] counts) {
        long last = counts[0] + counts[1];
        Await.until(
                "everybody to have heard everything",
                PATIENCE,
                () -> all.stream().map(one -> one.byOffset.size()).toList(),
                sizes -> sizes.stream().allMatch(size -> size >= last)
                        || !tally.troubles().isEmpty());
        System.out.println(getClass().getSimpleName() + ": " + last + " publications: " + tally);
        assertEquals(List.of(), tally.troubles());
        Map<Long, String> order = all.getFirst().byOffset;
        for (Heard one : all) {
            assertEquals(order, one.byOffset);
        }
        for (int node = 0; node < 2; node++) {
            String name = node + " ";
            assertEquals(
                    LongStream.rangeClosed(1, counts[node])
                            .mapToObj(number -> name + number)
                            .toList(),
                    order.values().stream()
                            .filter(text -> text.startsWith(name))
                            .toList(),
                    "once, and in the order of the publisher");
        }
        assertEquals(last * all.size(), tally.of("deliveries"));
        assertEquals(2, tally.of("recoveries"));
        assertEquals(0, tally.of("gaps told"));
    }

    private Heard listener(Ground ground, int number, CountDownLatch over) {
        var heard = new ConcurrentSkipListMap<Long, String>();
        var track = new Track("listener " + number, TOPIC, false, tally, heard::put);
        return new Heard(
                heard,
                new Listener(
                        attempt -> ground.webSocket(number + attempt),
                        List.of(track),
                        () -> !over.await(200, TimeUnit.MILLISECONDS),
                        tally));
    }

    private void heardMore(List<Heard> all, int count) {
        int before = all.stream().mapToInt(one -> one.byOffset.size()).max().orElse(0);
        Await.until(
                "everybody to hear " + count + " more",
                PATIENCE,
                () -> all.stream().allMatch(one -> one.byOffset.size() >= before + count));
    }

    private boolean isLinked(NodeProcess node) {
        return node.get("/health/links").status() == 200;
    }

    /** A topic without history, which needs the broker. */
    private void crossesTheBroker(Ground ground) {
        try (var ben = WsClient.connect(ground.webSocket(1))) {
            ben.sendText("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + PLAIN + "\"}}");
            Await.until("the answer", () -> ben.nextText().contains("\"subscribe\":{"));
            Await.until("a word over the broker", PATIENCE, () -> {
                call(ground.http(0) + "/api/publish", "{\"channel\":\"" + PLAIN + "\",\"data\":{}}");
                return ben.receive(Duration.ofMillis(500))
                        .map(frame -> frame.text().contains("\"pub\":"))
                        .orElse(false);
            });
        }
    }

    /** One publication after the other; one whose fate is unknown again, with the same key. How many there were. */
    private long talk(String node, int from, AtomicBoolean enough) {
        long number = 0;
        while (!enough.get()) {
            number++;
            String body = "{\"channel\":\"" + TOPIC + "\",\"data\":{\"from\":\"" + from + "\",\"n\":" + number
                    + "},\"idempotency_key\":\"" + from + "-" + number + "\"}";
            Await.until("a publication to be taken", PATIENCE, () -> isTaken(call(node + "/api/publish", body)));
        }
        return number;
    }

    private static boolean isTaken(String answer) {
        return JsonReader.read(answer)
                .field("result")
                .flatMap(result -> result.field("offset"))
                .isPresent();
    }

    private String call(String address, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address))
                .header("X-API-Key", "test-api-key")
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(5))
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private static void joined(List<Thread> threads) {
        Await.until("the publishers to end", PATIENCE, () -> threads.stream().noneMatch(Thread::isAlive));
    }
}
