package io.switchboard.checks.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Frame;
import io.switchboard.checks.client.WsClient;
import io.switchboard.checks.vectors.Json;
import io.switchboard.checks.vectors.JsonReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who has expired, and did not renew in the time of grace, is delivered nothing, however much is published. */
@Tag("component")
@Tag("node")
class ExpiryTest {
    private static final int GRACE_MILLIS = 1_000;

    /** A loop may be late; it is not late by as much as the grace and the life of the token together. */
    private static final int LATE_MILLIS = 2_000;

    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = Fleet.one(Map.of(
                "protocols.centrifugal.expiry_grace", GRACE_MILLIS + "ms",
                "protocols.centrifugal.personal", "none",
                "protocols.centrifugal.ping_interval", "0s"));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private static String token(String claims, long expiry) {
        return Fleet.token("{" + claims + ",\"exp\":" + expiry + "}");
    }

    private static long inSeconds(int seconds) {
        return System.currentTimeMillis() / 1000 + seconds;
    }

    private static WsClient connected(String token) {
        WsClient client = WsClient.connect(URI.create(fleet.webSocket(0)));
        client.sendText("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
        assertTrue(client.nextText().contains("\"id\":1,\"connect\""));
        return client;
    }

    private static void subscribe(WsClient client, String channel, String more) {
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"" + more + "}}");
        assertTrue(client.nextText().contains("\"id\":2,\"subscribe\""));
    }

    private static void publish(String channel, int n) {
        fleet.api(0, "publish", "{\"channel\":\"" + channel + "\",\"data\":{\"n\":" + n + "}}");
    }

    /** When it was published by the clock of the node, which ends what has expired by the same clock. */
    private static long time(Json push) {
        return Long.parseLong(
                push.field("push").orElseThrow().field("pub").orElseThrow().text("time"));
    }

    @Test
    void aConnectionThatIsNotRenewedHearsNothingMore() {
        String channel = "recovery:" + UUID.randomUUID();
        long end = inSeconds(3);
        try (WsClient brief = connected(token("\"sub\":\"ann\"", end));
                WsClient renewed = connected(token("\"sub\":\"ann\"", end))) {
            subscribe(brief, channel, "");
            subscribe(renewed, channel, "");
            String token = token("\"sub\":\"ann\"", inSeconds(3_600));
            renewed.sendText("{\"id\":3,\"refresh\":{\"token\":\"" + token + "\"}}");
            assertTrue(renewed.nextText().contains("\"id\":3,\"refresh\""));
            int published = 0;
            long last = 0;
            int heard = 0;
            Frame frame = Frame.text("");
            while (frame.opcode() != Frame.CLOSE) {
                publish(channel, ++published);
                frame = brief.receive(Duration.ofSeconds(10)).orElseThrow();
                for (String line :
                        frame.opcode() == Frame.TEXT ? frame.text().lines().toList() : List.<String>of()) {
                    last = time(JsonReader.read(line));
                    heard++;
                }
            }
            assertEquals(3005, frame.closeCode());
            assertTrue(heard > 0, "it was served until then");
            long late = last - (end * 1_000 + GRACE_MILLIS);
            assertTrue(late < LATE_MILLIS, () -> "served for " + late + " ms more");
            Await.until("one listener is left", () -> listeners(channel) == 1);
            publish(channel, ++published);
            String lastOne = "\"n\":" + published + "}";
            Await.until("who renewed hears it all", () -> renewed.nextText().contains(lastOne));
        }
    }

    private static int listeners(String channel) {
        return JsonReader.read(fleet.api(0, "presence_stats", "{\"channel\":\"" + channel + "\"}"))
                .field("result")
                .orElseThrow()
                .whole("num_clients", -1);
    }

    @Test
    void aChannelThatIsNotRenewedIsHeardNoMore() {
        String channel = "$recovery:" + UUID.randomUUID();
        try (WsClient ann = connected(token("\"sub\":\"ann\"", inSeconds(3_600)))) {
            String claims = "\"sub\":\"ann\",\"channel\":\"" + channel + "\"";
            subscribe(ann, channel, ",\"token\":\"" + token(claims, inSeconds(4)) + "\"");
            publish(channel, 1);
            String first = ann.nextText();
            assertTrue(first.contains("\"pub\""), first);
            String end = ann.nextText();
            assertTrue(end.contains("\"unsubscribe\":{\"code\":2501"), end);
            publish(channel, 2);
            ann.expectNothingMore();
        }
    }
}
