package io.switchboard.checks.centrifugal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published kit for browsers: every scene by every transport, on one node, and across three. */
@Tag("component")
@Tag("node")
class BrowserKitTest {
    /** Fewer scenes than this prove nothing. */
    private static final int SCENES_MIN = 31;

    private static Fleet one;
    private static Fleet three;
    private static NodeKit kit;

    @BeforeAll
    static void start() {
        kit = NodeKit.installed();
        one = Fleet.one();
        three = Fleet.three();
    }

    @AfterAll
    static void stop() {
        one.close();
        three.close();
    }

    @ParameterizedTest
    @CsvSource({"websocket, false", "websocket, true", "http_stream, false", "http_stream, true", "sse, false"})
    void onOneNode(String transport, boolean binary) {
        allGoWell(one, transport, binary);
    }

    @ParameterizedTest
    @CsvSource({"websocket, false", "websocket, true", "http_stream, false", "http_stream, true", "sse, false"})
    void acrossThreeNodes(String transport, boolean binary) {
        allGoWell(three, transport, binary);
    }

    private static void allGoWell(Fleet fleet, String transport, boolean binary) {
        List<String> said = kit.play(fleet, transport, binary);
        assertEquals(
                List.of(), said.stream().filter(line -> !line.startsWith("ok ")).toList());
        assertTrue(said.size() >= SCENES_MIN, () -> "only " + said.size() + " scenes were played");
    }
}
