package io.switchboard.bridges.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Address;
import io.switchboard.bridges.redis.RedisTarget.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisTargetTest {
    private static RedisTarget target(
            Kind kind, boolean tls, String user, String password, String master, Address... at) {
        return new RedisTarget(kind, List.of(at), tls, user, password, master);
    }

    @Test
    void allFormsAreUnderstood() {
        assertEquals(
                target(Kind.STANDALONE, false, "", "", "", new Address("localhost", 6379)),
                RedisTarget.parse("redis://localhost"));
        assertEquals(
                target(Kind.STANDALONE, true, "bob", "p@ss+w:rd", "", new Address("redis.example_1.com", 7000)),
                RedisTarget.parse("rediss://bob:p%40ss+w%3Ard@redis.example_1.com:7000/3"));
        assertEquals(
                target(Kind.STANDALONE, false, "", "pw", "", new Address("::1", 6379)),
                RedisTarget.parse("redis://:pw@[::1]"));
        assertEquals(
                target(Kind.SENTINEL, false, "", "pw", "my", new Address("a", 1), new Address("b", 26379)),
                RedisTarget.parse("redis-sentinel://:pw@a:1,b/0#my"));
        assertEquals(
                target(Kind.CLUSTER, true, "", "", "", new Address("a", 1), new Address("b", 2)),
                RedisTarget.parse("rediss-cluster://a:1,b:2"));
        assertEquals(
                target(Kind.SPREAD, false, "", "pw", "", new Address("a", 1), new Address("b", 6379)),
                RedisTarget.parse("redis-spread://:pw@a:1,b"));
    }

    @Test
    void whatIsWrongIsSaidWithoutTheSecret() {
        for (String wrong : List.of(
                "",
                "localhost:6379",
                "http://:geheim@localhost",
                "redis://",
                "redis://:geheim@",
                "redis://:geheim@localhost:70000",
                "redis://:geheim@localhost:0",
                "redis://geheim@localhost",
                "redis://:geheim %@localhost",
                "redis://:geheim@a,b",
                "redis://:geheim@a?verifyPeer=NONE",
                "redis://:geheim@a/x",
                "redis://:geheim@a#m",
                "redis-sentinel://:geheim@a:1",
                "redis-cluster://:geheim@a:1,,b",
                "redis-spread://:geheim@a,b,a:6379",
                "redis-spread://:geheim@a,redis://:geheim@b",
                "redis-spread://:geheim@a#m")) {
            var refused = assertThrows(IllegalArgumentException.class, () -> RedisTarget.parse(wrong), wrong);
            String text = String.valueOf(refused.getMessage());
            assertTrue(text.contains("redis-sentinel://"), text);
            assertFalse(text.contains("geheim"), text);
        }
        assertFalse(RedisTarget.parse("redis://:geheim@a").toString().contains("geheim"));
    }
}
