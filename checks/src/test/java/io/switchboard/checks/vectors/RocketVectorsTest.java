package io.switchboard.checks.vectors;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every vector of the published inbox design, against two node processes, a real RocketMQ and a real Redis: what the
 * clients hear, and what goes over both. The one of the gateway is played where the gateway is.
 */
@Tag("component")
@Tag("slow")
@Tag("slow-rocketmq")
@Tag("node")
class RocketVectorsTest {
    @TestFactory
    Stream<DynamicTest> ddmcc() {
        var ground = new RocketGround();
        return VectorFile.raw("ddmcc").stream()
                .filter(vector -> !vector.text("name").equals("gateway"))
                .map(vector -> DynamicTest.dynamicTest(vector.text("name"), new PairVector(ground, vector)::run))
                .onClose(ground::close);
    }
}
