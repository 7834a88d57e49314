package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.Remote;
import io.switchboard.checks.client.Await;
import io.switchboard.checks.components.Certificates;
import io.switchboard.checks.components.RedisServer;
import io.switchboard.checks.components.RedisSettings;
import io.switchboard.checks.components.RedisWire;
import io.switchboard.message.Origin;
import io.switchboard.message.Topic;
import io.switchboard.metrics.Meters;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole contract over TLS and with a password; and what happens when either is wrong. */
@Tag("component")
class RedisSecuredTest extends BackplaneContract {
    private static final String SECRET = "s3cret-x";

    private static Certificates certificates;
    private static RedisServer redis;

    @BeforeAll
    static void startRedis() {
        certificates = Certificates.create();
        redis = RedisServer.start(RedisSettings.plain().withPassword(SECRET).withTls(certificates));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
        certificates.close();
    }

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return opener(redis.uri()).open(cluster, self, meters);
    }

    private static BridgeOpener opener(String uri) {
        return BridgeOpener.redis(uri)
                .with(Map.of("tls.ca", certificates.certificate().toString()));
    }

    @Test
    void anUnknownAuthorityIsRefusedAndNamed() {
        try (var log = CapturedLog.of("io.switchboard.bridges.redis")) {
            var a = peer("a", BridgeOpener.redis(redis.uri())::open);
            a.backplane().start(a);
            log.await("set tls.ca");
            assertFalse(a.backplane().isUp());
        }
    }

    @Test
    void aWrongPasswordIsNamedAndNeverWritten() {
        try (var log = CapturedLog.of("io.switchboard.bridges.redis");
                RedisServer plain = RedisServer.start(RedisSettings.plain().withPassword(SECRET))) {
            var a = peer("a", BridgeOpener.redis(plain.uri().replace(SECRET, "wr0ng-x"))::open);
            a.backplane().start(a);
            log.await("check user and password of backplane.uri");
            assertFalse(a.backplane().isUp());
            assertFalse(log.text().contains("wr0ng-x"));
        }
    }

    @Test
    void aPasswordAloneLetsUsIn() {
        try (RedisServer plain = RedisServer.start(RedisSettings.plain().withPassword(SECRET))) {
            var a = peer("a", BridgeOpener.redis(plain.uri())::open).linked();
            assertTrue(a.backplane().isUp());
        }
    }

    @Test
    void whatAnAclForbidsIsRefusedAndNamed() {
        try (var log = CapturedLog.of("io.switchboard.bridges.redis");
                RedisServer plain = RedisServer.start();
                RedisWire wire = plain.wire()) {
            wire.call("ACL", "SETUSER", "node", "on", ">pw", "resetchannels", "&" + clusterName() + ":*", "+@all")
                    .text();
            String uri = plain.uri().replace("redis://", "redis://node:pw@");
            var a = peer("a", BridgeOpener.redis(uri).with(PlainFormat.INSTANCE)::open)
                    .linked();
            Topic forbidden = topic("forbidden");
            assertEquals(Remote.REFUSED, a.publish(forbidden, "x").outcome());
            log.await("NOPERM");
            log.await("an ACL user needs");
            var confirmed = a.backplane().subscribe(forbidden).toCompletableFuture();
            log.await("Redis refuses a subscription");
            assertFalse(confirmed.isDone());
            wire.call("ACL", "SETUSER", "node", "allchannels").text();
            Await.until("the subscription to be tried again", confirmed::isDone);
            a.publish(forbidden, "y");
            a.awaitText(forbidden, "y");
        }
    }
}
