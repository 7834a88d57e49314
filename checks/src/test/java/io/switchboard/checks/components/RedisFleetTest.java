package io.switchboard.checks.components;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("component")
class RedisFleetTest {
    @Test
    void clusterKnowsTheOwnerOfEveryKey() {
        try (var cluster = RedisCluster.start()) {
            var owner = cluster.ownerOf("some key");
            for (var master : cluster.masters()) {
                try (var wire = master.wire()) {
                    var reply = wire.call("SET", "some key", "v");
                    assertEquals(master == owner, reply instanceof Reply.Status, reply::toString);
                }
            }
            owner.kill9();
            owner.restart();
            cluster.awaitWhole();
        }
    }

    @Test
    void sentinelsFailOverWhenTheMasterIsKilled() {
        try (var group = RedisSentinel.start()) {
            var old = group.master();
            var promoted = group.failOver();
            assertNotEquals(old.port(), promoted.port());
            try (var wire = promoted.wire()) {
                assertEquals("OK", wire.call("SET", "k", "v").text());
            }
        }
    }
}
