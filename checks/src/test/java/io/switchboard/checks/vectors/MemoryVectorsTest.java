package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.checks.published.TwoNodes;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vectors of the designs whose brokers are not here, on two nodes linked in memory: what clients see of them. */
class MemoryVectorsTest {
    /** What cannot be seen without the broker, the directory across nodes, or the gateway. */
    private static final Map<String, List<String>> WAITING = Map.of(
            "sign-rabbitmq", List.of(),
            "ddmcc", List.of("two_nodes_same_user", "gateway"),
            "rabbit-fanout", List.of("topology", "dead_node_queue", "foreign_publisher", "broker_down"));

    @TestFactory
    Stream<DynamicTest> signRabbitmq() {
        return play("sign-rabbitmq", "sign-rabbitmq");
    }

    @TestFactory
    Stream<DynamicTest> ddmcc() {
        return play("ddmcc", "inbox-rocketmq");
    }

    @TestFactory
    Stream<DynamicTest> rabbitFanout() {
        return play("rabbit-fanout", "message-rabbitmq");
    }

    @Test
    void everyVectorIsPlayedOrNamed() {
        WAITING.forEach((system, names) -> {
            var all = VectorFile.raw(system).stream()
                    .map(vector -> vector.text("name"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(
                    List.of(),
                    names.stream().filter(name -> !all.contains(name)).toList(),
                    system);
        });
    }

    private static Stream<DynamicTest> play(String system, String preset) {
        var nodes = TwoNodes.start(preset);
        var waiting = WAITING.getOrDefault(system, List.of());
        return VectorFile.raw(system).stream()
                .filter(vector -> !waiting.contains(vector.text("name")))
                .map(vector -> DynamicTest.dynamicTest(
                        vector.text("name"), () -> new PairVector(new MemoryGround(nodes), vector).run()))
                .onClose(nodes::close);
    }
}
