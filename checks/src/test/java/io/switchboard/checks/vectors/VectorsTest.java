package io.switchboard.checks.vectors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every vector of the published chat design, against two node processes and a real Redis. */
@Tag("component")
@Tag("node")
class VectorsTest {
    @TestFactory
    Stream<DynamicTest> softlgl() {
        List<Vector> vectors = VectorFile.of("softlgl");
        assertTrue(vectors.size() > 0, "no vectors to play");
        var stage = Stage.open();
        return vectors.stream()
                .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> new VectorRunner(stage, vector).run()))
                .onClose(stage::close);
    }
}
