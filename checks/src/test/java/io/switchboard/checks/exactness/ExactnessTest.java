package io.switchboard.checks.exactness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Crowd;
import io.switchboard.checks.client.Line;
import io.switchboard.checks.cluster.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Thousands talk one to one, in groups and to everyone over two nodes and a real broker, while others among them are
 * cut off and come back all the time: nothing is lost, nothing comes twice, and the order of each sender is kept in
 * each topic.
 */
@Tag("component")
@Tag("node")
class ExactnessTest {
    private static final Script FIVE_THOUSAND = new Script(5_000, 200, 60, 500, 1_000, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final Cluster CLUSTER = Cluster.start(settings -> settings.withJvmOptions("-Xmx1g"));

    @Test
    void fiveHundredForTenSeconds() {
        verify(CLUSTER, new Script(500, 50, 10, 250, 250, 4));
    }

    /** With the native format a node delivers to its own clients first, and skips what it hears of its own. */
    @Test
    void threeHundredForFiveSecondsInTheNativeFormat() {
        try (var cluster = Cluster.start(settings -> settings.with("backplane.format", "native"))) {
            verify(cluster, new Script(300, 30, 5, 250, 250, 4));
        }
    }

    @Test
    @Tag("slow")
    @Tag("slow-exactness")
    void fiveThousandForAMinute() {
        verify(CLUSTER, FIVE_THOUSAND);
    }

    @Test
    @Tag("slow")
    @Tag("slow-exactness-rabbitmq")
    void fiveThousandForAMinuteOverRabbitmq() {
        verify(Link.rabbitmq(), FIVE_THOUSAND);
    }

    @Test
    @Tag("slow")
    @Tag("slow-exactness-rocketmq")
    void fiveThousandForAMinuteOverRocketmq() {
        verify(Link.rocketmq(), FIVE_THOUSAND);
    }

    @Test
    @Tag("slow")
    @Tag("slow-rocketmq")
    void fiveHundredForTenSecondsOverRocketmq() {
        verify(Link.rocketmq(), new Script(500, 50, 10, 250, 250, 4));
    }

    /** The same over another broker. */
    private static void verify(Link link, Script script) {
        try (link;
                var cluster = Cluster.start(settings -> link.of(settings).withJvmOptions("-Xmx1g"))) {
            verify(cluster, script);
            cluster.verifyNodesLive();
        }
    }

    /** What grows without end, or is lost once in a long while, shows here. */
    @Test
    @Tag("slow")
    @Tag("slow-soak")
    void fiveHundredForTenMinutes() {
        verify(CLUSTER, new Script(500, 100, 600, 250, 250, 4));
    }

    static void verify(Cluster cluster, Script script) {
        try (var crowd = Crowd.connect(script.addresses(cluster.nodeA(), cluster.nodeB()));
                var restless = Restless.connect(
                        script.restlessAddresses(cluster.nodeA(), cluster.nodeB()), script.restlessJoins())) {
            join(crowd, script.joins());
            var talk = crowd.begin(script.lines(), script.linesPerSecond());
            while (!talk.isDone()) {
                long heard = crowd.messages();
                restless.oneGoesAndComesBack();
                Await.until("the talk to go on", PATIENCE, () -> talk.isDone() || crowd.messages() > heard);
            }
            talk.join();
            crowd.awaitMessages(script.deliveries(), PATIENCE);
            var expected = script.expected();
            Await.until(
                    "nothing lost, nothing twice, order kept",
                    PATIENCE,
                    () -> crowd.differences(expected).stream().limit(20).toList(),
                    List::isEmpty);
            assertEquals(Map.of(), crowd.endings());
            assertTrue(restless.comings() > script.seconds(), () -> "only " + restless.comings() + " came back");
        }
    }

    private static void join(Crowd crowd, List<Line> joins) {
        crowd.say(joins, 2_000);
        for (var join : joins) {
            Await.until(
                    "member " + join.member() + " to be in its group",
                    PATIENCE,
                    () -> crowd.ledger(join.member()).unstamped() > 0);
        }
    }
}
