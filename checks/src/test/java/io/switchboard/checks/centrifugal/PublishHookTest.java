package io.switchboard.checks.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.Publication;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.switchboard.checks.centrifugal.JavaPerson.Ear;
import io.switchboard.checks.client.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An application behind HTTP that decides what is published, and whether it is kept. */
@Tag("component")
@Tag("node")
class PublishHookTest {
    private static HttpServer application() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/publish", exchange -> {
            String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String answer = "{\"result\":{}}";
            if (question.contains("\"data\":\"passing\"")) {
                answer = "{\"result\":{\"skip_history\":true}}";
            } else if (question.contains("\"data\":\"rude\"")) {
                // A JSON string, "***".
                answer = "{\"result\":{\"b64data\":\"IioqKiI=\"}}";
            } else if (question.contains("\"data\":\"secret\"")) {
                answer = "{\"result\":{\"skip_history\":true,\"data\":\"hidden\"}}";
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void theAnswerSaysWhatIsPublishedAndWhetherItIsKept() throws IOException {
        HttpServer application = application();
        String url = "http://127.0.0.1:" + application.getAddress().getPort() + "/publish";
        String channel = "recovery:" + UUID.randomUUID();
        try (var fleet = Fleet.one(Map.of("hooks.publish.url", url));
                var ann = new JavaPerson(fleet.webSocket(0), new Options())) {
            var ear = new Ear();
            Await.until("it is connected", () -> !ann.connected.isEmpty());
            Subscription subscription = ann.subscribe(channel, new SubscriptionOptions(), ear);
            Await.until("it listens", () -> !ear.subscribed.isEmpty());
            for (String text : List.of("kept", "passing", "rude", "secret", "last")) {
                JavaPerson.<PublishResult>result(
                        done -> subscription.publish(JavaPerson.bytes('"' + text + '"'), done));
            }
            Await.until("all is heard", () -> ear.heard.size() >= 5);
            assertEquals(List.of("\"kept\"", "\"passing\"", "\"***\"", "\"hidden\"", "\"last\""), ear.heard);
            HistoryResult history = JavaPerson.result(done -> subscription.history(
                    new HistoryOptions.Builder().withLimit(10).build(), done));
            var kept = new ArrayList<String>();
            for (Publication publication : history.getPublications()) {
                kept.add(publication.getOffset() + " " + new String(publication.getData(), StandardCharsets.UTF_8));
            }
            assertEquals(List.of("1 \"kept\"", "2 \"***\"", "3 \"last\""), kept);
        } finally {
            application.stop(0);
        }
    }
}
