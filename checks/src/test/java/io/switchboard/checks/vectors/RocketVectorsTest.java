package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.cluster.InboxCluster;
import io.switchboard.checks.components.PublishedInboxNode;
import io.switchboard.checks.components.PublishedInboxNode.Heard;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every vector of the published inbox design, against two node processes, a real RocketMQ and a real Redis: what the
 * clients hear, and what goes over the broker. The one of the gateway is played where the gateway is.
 */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class RocketVectorsTest {
    @TestFactory
    Stream<DynamicTest> ddmcc() {
        var cluster = InboxCluster.start(settings -> settings);
        var witness = PublishedInboxNode.startWitness(cluster.rocket());
        return VectorFile.raw("ddmcc").stream()
                .filter(vector -> !vector.text("name").equals("gateway"))
                .map(vector -> DynamicTest.dynamicTest(vector.text("name"), () -> play(cluster, witness, vector)))
                .onClose(() -> {
                    witness.close();
                    cluster.close();
                });
    }

    private static void play(InboxCluster cluster, PublishedInboxNode witness, Json vector) {
        int before = witness.heard().size();
        new MemoryVector(Venue.of(cluster), vector).run(() -> verifyBroker(witness, before, vector));
    }

    private static void verifyBroker(PublishedInboxNode witness, int before, Json vector) {
        var expected = vector.list("broker").stream()
                .filter(one -> one.text("op").equals("ROCKETMQ"))
                .toList();
        var heard = Await.until(
                "what goes over the broker",
                () -> witness.heard().subList(before, witness.heard().size()),
                all -> all.size() >= expected.size());
        assertEquals(expected.size(), heard.size(), heard::toString);
        for (int i = 0; i < heard.size(); i++) {
            verify(expected.get(i), heard.get(i));
        }
    }

    private static void verify(Json expected, Heard heard) {
        assertEquals(expected.text("topic"), heard.topic());
        assertEquals(expected.text("tag"), heard.tag());
        var body = Pattern.quote(expected.text("body")).replace("<epoch ms>", "\\E\\d{13}\\Q");
        assertTrue(heard.body().matches(body), () -> heard.body() + " instead of " + expected.text("body"));
    }
}
