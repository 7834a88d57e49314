package io.switchboard.checks.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.log.Log;
import io.switchboard.log.LogProvider;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import io.switchboard.metrics.Meters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisLogTest extends LogContract {
    private static RedisServer redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    Log open(Origin self) {
        return ServiceLoader.load(LogProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("redis"))
                .findFirst()
                .orElseThrow()
                .open(new LogProvider.Settings(redis.uri(), "contract", self, List.of(), new Meters(), Map.of()));
    }

    @Override
    void forget() {
        try (var wire = redis.wire()) {
            wire.call("FLUSHALL").text();
        }
    }

    @Test
    void aRestartEndsTheEpochAndWhileItLastsNothingIsAppended() {
        get(nodes.get(1).subscribe(topic));
        Position before = append("a");
        redis.kill9();
        Await.until("down", () -> nodes.stream().noneMatch(Log::isUp));
        Await.until("refused", () -> refusal() instanceof Log.RefusedException);
        redis.restart();
        Await.until("up again", () -> nodes.stream().allMatch(Log::isUp));
        assertFalse(read(Optional.of(before), 10).complete());
        ears.get(1).heard.clear();
        Position after = append("b");
        assertNotEquals(before.epoch(), after.epoch());
        Await.until("it", () -> ears.get(1).heard.size() == 1);
        assertEquals(after, ears.get(1).heard.getFirst().position());
    }

    private @Nullable Throwable refusal() {
        var failed = assertThrows(CompletionException.class, () -> append("lost"));
        return Objects.requireNonNull(failed.getCause());
    }

    /** A snapshot that is loaded again looks as if nothing had happened. */
    @Test
    void oldDataAfterARestartAreAnotherEpoch() {
        Position before = append("a");
        String meta;
        try (var wire = redis.wire()) {
            wire.call("SAVE").text();
            meta = wire.call("KEYS", "contract:meta:*" + topic.name())
                    .items()
                    .getFirst()
                    .text();
        }
        append("b");
        redis.kill9();
        Await.until("down", () -> nodes.stream().noneMatch(Log::isUp));
        redis.restart();
        try (var wire = redis.wire()) {
            assertEquals(before.epoch(), wire.call("HGET", meta, "e").text(), "the snapshot was loaded");
        }
        Await.until("up again", () -> nodes.stream().allMatch(Log::isUp));
        assertFalse(read(Optional.of(before), 10).complete());
        assertNotEquals(before.epoch(), append("c").epoch());
    }
}
