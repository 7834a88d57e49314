package io.switchboard.checks.backplane;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.backplane.Backplane;
import io.switchboard.checks.components.Certificates;
import io.switchboard.checks.components.RabbitServer;
import io.switchboard.message.Origin;
import io.switchboard.metrics.Meters;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole contract over TLS, in a virtual host, as a user with no more permissions than are documented. */
@Tag("component")
class RabbitSecuredTest extends BackplaneContract {
    private static Certificates certificates;
    private static RabbitServer rabbit;

    @BeforeAll
    static void startRabbit() {
        certificates = Certificates.create();
        rabbit = RabbitServer.start(certificates);
        rabbit.control("add_vhost", "a/b");
        rabbit.control("add_user", "board", "s3cret/x");
        String names = "^c[a-z0-9]+(\\..*)?$";
        rabbit.control("set_permissions", "-p", "a/b", "board", names, names, names);
    }

    @AfterAll
    static void stopRabbit() {
        rabbit.close();
        certificates.close();
    }

    private static String uri() {
        return rabbit.uri().replace("guest:guest", "board:s3cret%2Fx") + "/a%2Fb";
    }

    @Override
    protected Backplane open(String cluster, Origin self, Meters meters) {
        return BridgeOpener.rabbitmq(uri())
                .with(Map.of("tls.ca", certificates.certificate().toString()))
                .open(cluster, self, meters);
    }

    @Test
    void anUnknownAuthorityIsRefusedAndNamed() {
        try (var log = CapturedLog.of("io.switchboard.bridges.rabbitmq")) {
            var a = peer("a", BridgeOpener.rabbitmq(uri())::open);
            a.backplane().start(a);
            log.await("certification path");
            assertFalse(a.backplane().isUp());
        }
    }

    @Test
    void aMissingPermissionIsNamed() {
        try (var log = CapturedLog.of("io.switchboard.bridges.rabbitmq")) {
            var a = peer("a", (cluster, self, meters) -> open("other", self, meters));
            a.backplane().start(a);
            log.await("the user needs to configure, write and read");
            assertFalse(a.backplane().isUp());
        }
    }
}
