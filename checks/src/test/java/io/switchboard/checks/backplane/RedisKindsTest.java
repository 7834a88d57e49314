package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisSettings;
import io.switchboard.message.Topic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that answer the greeting in other ways. */
@Tag("component")
class RedisKindsTest {
    private static Peer peer(String name, String uri) {
        return new Peer(name, (self, meters) -> BridgeOpener.redis(uri).open("kinds", self, meters));
    }

    @Test
    void aServerOlderThanHelloIsSpokenToAsOfOld() {
        var old = RedisSettings.plain().withPassword("pw").with("--rename-command", "HELLO", "");
        try (var redis = RedisServer.start(old);
                var a = peer("a", redis.uri()).linked();
                var b = peer("b", redis.uri()).linked()) {
            b.subscribe(Topic.ALL);
            a.publish(Topic.ALL, "x");
            b.awaitText(Topic.ALL, "x");
        }
    }

    @Test
    void aReplicaIsNotTakenForAMaster() {
        try (var log = CapturedLog.of("io.switchboard.bridges.redis");
                var master = RedisServer.start();
                var replica =
                        RedisServer.start(RedisSettings.plain().with("--replicaof", "127.0.0.1 " + master.port()));
                var a = peer("a", replica.uri())) {
            a.backplane().start(a);
            log.await("it is a replica, not a master");
            assertFalse(a.backplane().isUp());
        }
    }
}
