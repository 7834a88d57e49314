package io.switchboard.checks.drops;

import io.switchboard.checks.vectors.Json;
import io.switchboard.checks.vectors.JsonReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Publishes numbers over the server API, one batch after the other in each topic. A batch whose fate is unknown,
 * because its node was killed, goes to the next node with the same idempotency keys.
 */
final class Backend {
    private static final int ATTEMPTS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final IntFunction<String> nodes;
    private final Tally tally;

    /** The addresses of nodes by attempt. */
    Backend(IntFunction<String> nodes, Tally tally) {
        this.nodes = nodes;
        this.tally = tally;
    }

    /** Publishes 1 to {@code last} in batches at this pace. */
    void talk(String topic, long firstNanos, Duration pace, int batch, long last) {
        for (long number = 1; number <= last; number += batch) {
            long due = firstNanos + pace.toNanos() * (number / batch);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            publish(topic, number, (int) Math.min(batch, last - number + 1));
        }
    }

    void publish(String topic, long first, int count) {
        var body = new StringBuilder("{\"commands\":[");
        for (long number = first; number < first + count; number++) {
            body.append(number == first ? "" : ",")
                    .append("{\"publish\":{\"channel\":\"" + topic + "\",\"data\":{\"n\":" + number
                            + "},\"idempotency_key\":\"" + topic + "-" + number + "\"}}");
        }
        String text = body.append("]}").toString();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (sent(text, topic, first, count, (int) first + attempt)) {
                tally.add("publications", count);
                return;
            }
            tally.count("publications tried again");
            LockSupport.parkNanos(50_000_000);
        }
        tally.trouble("nobody took " + first + " of " + topic);
    }

    private boolean sent(String body, String topic, long first, int count, int node) {
        var request = HttpRequest.newBuilder(URI.create(nodes.apply(node) + "/api/batch"))
                .header("X-API-Key", "test-api-key")
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            return response.statusCode() == 200 && taken(JsonReader.read(response.body()), topic, first, count);
        } catch (IOException _noNode) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while publishing", e);
        }
    }

    private boolean taken(Json answer, String topic, long first, int count) {
        List<Json> replies = answer.list("replies");
        if (replies.size() != count) {
            tally.trouble("unexpected answer: " + answer);
            return false;
        }
        for (int i = 0; i < count; i++) {
            Json result = replies.get(i).field("publish").orElse(replies.get(i));
            if (result.field("offset").isEmpty()) {
                tally.count("publications refused");
                return false;
            }
            if (Long.parseLong(result.text("offset")) != first + i) {
                tally.trouble("publication " + (first + i) + " of " + topic + " has " + result);
            }
        }
        return true;
    }
}
