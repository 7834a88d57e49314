package io.switchboard.checks.components;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.checks.client.Await;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisServerTest {
    @Test
    void monitorSeesAPublishWithItsExactBytes() {
        var payload = new byte[256];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        try (var redis = RedisServer.start();
                var wire = redis.wire();
                var monitor = redis.monitor()) {
            assertEquals(0, wire.publish("bytes", payload));
            wire.publish("all", "{\"Msg\":\"你好 \\\"q\\\" 😀\"}");

            var seen = monitor.commands();
            assertEquals(
                    List.of("PUBLISH", "PUBLISH"),
                    seen.stream().map(SeenCommand::name).toList());
            assertArrayEquals(payload, seen.getFirst().argumentBytes(1));
            assertEquals(wire.localAddress(), seen.getFirst().client());
            assertEquals(
                    List.of(new Traffic("PUBLISH", "all", "{\"Msg\":\"你好 \\\"q\\\" 😀\"}")), monitor.trafficOn("all"));
        }
    }

    @Test
    void monitorCountsEachChannelOfASubscription() {
        try (var redis = RedisServer.start();
                var wire = redis.wire();
                var monitor = redis.monitor()) {
            wire.call("subscribe", "user:1", "other", "user:2");
            assertEquals(
                    List.of(new Traffic("SUBSCRIBE", "user:1", ""), new Traffic("SUBSCRIBE", "user:2", "")),
                    monitor.trafficOn("user:"));
            monitor.clear();
            assertEquals(List.of(), monitor.commands());
        }
    }

    @Test
    void subscriberHearsWhatIsPublished() {
        try (var redis = RedisServer.start();
                var subscriber = redis.wire();
                var publisher = redis.wire()) {
            subscriber.call("SUBSCRIBE", "news");
            assertEquals(1, publisher.publish("news", "hello"));
            var message = subscriber.read().items();
            assertEquals(
                    List.of("message", "news", "hello"),
                    message.stream().map(Reply::text).toList());
        }
    }

    @Test
    void restartsOnTheSamePortAndForgets() {
        try (var redis = RedisServer.start()) {
            int port = redis.port();
            try (var wire = redis.wire()) {
                wire.call("SET", "k", "v");
            }
            redis.kill9();
            assertFalse(redis.alive());
            assertThrows(UncheckedIOException.class, redis::wire);
            redis.restart();
            try (var wire = redis.wire()) {
                assertEquals(port, redis.port());
                assertInstanceOf(Reply.Nil.class, wire.call("GET", "k"));
            }
        }
    }

    @Test
    void frozenItAnswersOnlyAfterThawing() throws Exception {
        try (var redis = RedisServer.start();
                var wire = redis.wire()) {
            redis.freeze();
            wire.send("PING");
            redis.thaw();
            assertEquals("PONG", wire.read().text());
        }
    }

    @Test
    void passwordIsAsked() {
        try (var redis = RedisServer.start(RedisSettings.plain().withPassword("open sesame"));
                var stranger = RedisWire.connect(redis.host(), redis.port());
                var friend = redis.wire()) {
            assertInstanceOf(Reply.Failure.class, stranger.call("PING"));
            assertEquals("PONG", friend.call("PING").text());
        }
    }

    @Test
    void speaksTls() {
        try (var certificates = Certificates.create();
                var redis = RedisServer.start(RedisSettings.plain().withTls(certificates));
                var wire = redis.wire();
                var monitor = redis.monitor()) {
            assertEquals("PONG", wire.call("PING").text());
            assertEquals("PING", monitor.commands().getFirst().name());
            assertEquals("rediss://127.0.0.1:" + redis.port(), redis.uri());
        }
    }

    @Test
    void proxyStandsInFrontOfIt() {
        try (var redis = RedisServer.start();
                var proxy = FaultProxy.inFrontOf(redis.host(), redis.port());
                var wire = RedisWire.connect(proxy.host(), proxy.port())) {
            assertEquals("PONG", wire.call("PING").text());
            proxy.cut();
            assertThrows(UncheckedIOException.class, () -> wire.call("PING"));
            Await.until("the proxy to forget the connection", proxy::connections, count -> count == 0);
        }
    }
}
