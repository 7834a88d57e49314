package io.switchboard.checks.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.log.Log;
import io.switchboard.message.Origin;
import io.switchboard.message.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
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
        return Logs.open(redis.uri(), self);
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

    /** It could lose what it had without anybody's notice. */
    @Test
    void aRedisThatDoesNotSayWhichRunItIsIsRefused() {
        String uri = "redis://mute:secret@" + redis.host() + ":" + redis.port();
        try (var wire = redis.wire();
                Log log = Logs.open(uri, new Origin("mute", 9))) {
            wire.call("ACL", "SETUSER", "mute", "on", ">secret", "~*", "&*", "+@all", "-info")
                    .text();
            log.start(new Ear());
            Await.until(
                    "it to ask in vain", () -> !wire.call("ACL", "LOG").items().isEmpty());
            var failed = assertThrows(
                    CompletionException.class, () -> get(log.append(publication("lost"), Log.Terms.of(TEN))));
            assertTrue(failed.getCause() instanceof Log.RefusedException, failed::toString);
            assertFalse(log.isUp());
        }
    }

    /** Twice the data go to another server and back, in between of which the last ones are lost; its process stays. */
    @Test
    void whoIsMasterAgainBeginsAnew() {
        try (var other = RedisServer.start();
                var here = redis.wire();
                var there = other.wire()) {
            long before = greetings(here);
            there.call("REPLICAOF", "127.0.0.1", Integer.toString(redis.port())).text();
            Await.until(
                    "it to follow",
                    () -> there.call("INFO", "replication").text().contains("master_link_status:up"));
            // The first replica, too, makes a server begin another history.
            Await.until("the logs to see it", () -> greetings(here) >= before + 2);
            Position first = appendWhenUp("a");
            assertEquals(1, here.call("WAIT", "1", "5000").number());
            there.call("REPLICAOF", "NO", "ONE").text();
            Position second = append("b");
            assertEquals(new Position(2, first.epoch()), second);
            long greetings = greetings(here);
            here.call("REPLICAOF", "127.0.0.1", Integer.toString(other.port())).text();
            Await.until(
                    "it to follow",
                    () -> here.call("INFO", "replication").text().contains("master_link_status:up"));
            Await.until("the logs to see it", () -> greetings(here) >= greetings + 2);
            here.call("REPLICAOF", "NO", "ONE").text();
            // A log that has not looked in between finds out afterwards.
            Await.until(
                    "another epoch",
                    () -> appendWhenUp("c"),
                    third -> !third.epoch().equals(first.epoch()));
            assertFalse(readWhenUp(second).complete());
        }
    }

    private static long greetings(RedisWire wire) {
        var found = Pattern.compile("cmdstat_hello:calls=(\\d+)")
                .matcher(wire.call("INFO", "commandstats").text());
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    /** A server that has forgotten the scripts, again and again, while much is under way. */
    @Test
    void forgottenScriptsLoseAndReorderNothing() {
        nodes.forEach(log -> get(log.subscribe(topic)));
        var kept = Log.Terms.of(new Log.Retention(10_000, Duration.ofMinutes(1)));
        var results = new ArrayList<CompletableFuture<Log.Appended>>();
        try (var wire = redis.wire()) {
            for (int i = 1; i <= 4_000; i++) {
                results.add(nodes.get(i % 2)
                        .append(publication(i % 2 + " " + i), kept)
                        .toCompletableFuture());
                if (i % 200 == 0) {
                    wire.call("SCRIPT", "FLUSH").text();
                }
            }
        }
        var taken = new ArrayList<String>();
        int refused = 0;
        for (int i = 1; i <= 4_000; i++) {
            try {
                get(results.get(i - 1));
                taken.add(i % 2 + " " + i);
            } catch (CompletionException e) {
                assertTrue(e.getCause() instanceof Log.RefusedException, () -> "unknown: " + e);
                refused++;
            }
        }
        for (Ear ear : ears) {
            Await.until("all", () -> ear.heard.size() == taken.size());
            assertEquals(
                    taken.stream().sorted().toList(),
                    texts(ear.heard).stream().sorted().toList());
            for (String node : List.of("0", "1")) {
                assertEquals(only(node, taken), only(node, texts(ear.heard)), "in the order of the sender");
            }
        }
        System.out.println("scripts forgotten: " + refused + " of 4,000 refused");
        assertTrue(refused < 2_000, () -> "too many were refused");
    }

    private static List<String> only(String node, List<String> texts) {
        return texts.stream().filter(text -> text.startsWith(node + " ")).toList();
    }
}
