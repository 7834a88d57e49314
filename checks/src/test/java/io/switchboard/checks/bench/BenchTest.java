package io.switchboard.checks.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.client.EchoServer;
import io.switchboard.checks.components.BenchProcess;
import io.switchboard.checks.components.NodeProcess;
import io.switchboard.checks.components.NodeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every scenario, shortly, against a real node: nothing lost, and the figures add up. */
@Tag("node")
class BenchTest {
    private static final Map<String, String> ALL_PROTOCOLS = Map.of(
            "backplane.type", "none",
            "protocols.message.enabled", "true",
            "protocols.inbox.enabled", "true",
            "protocols.sign.enabled", "true",
            "protocols.sign.types", "user_info=1,task_count=2,broadcast=3",
            "protocols.centrifugal.enabled", "true",
            "protocols.centrifugal.anonymous", "true",
            "protocols.centrifugal.insecure", "true");

    private static NodeProcess node;

    @BeforeAll
    static void start() {
        node = NodeProcess.start(new NodeSettings("bench", "demo", ALL_PROTOCOLS, List.of()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void fanOutReachesEveryListenerOfTheGroup() {
        var run = bench("fan-out", "-n", "60", "--groups", "3", "--publishers", "6", "--window", "2");
        assertFlawless(run);
        assertEquals(20 * run.number("sent"), run.number("delivered"));
        assertTrue(run.number("server_cpu_s") >= 0, run::printed);
    }

    @Test
    void pairsHearEachOtherByTheClock() {
        var run = bench("pairs", "-n", "20", "--rate", "500..1000", "--steps", "2");
        assertFlawless(run);
        assertEquals(run.number("sent"), run.number("delivered"));
        assertTrue(run.json().contains("\"rate\":500,") && run.json().contains("\"rate\":1000,"), run::printed);
    }

    @Test
    void echoComesBack() {
        assertFlawless(bench("echo", "-n", "10", "--threads", "2"));
    }

    @ParameterizedTest
    @CsvSource({
        "centrifugal, fan-out", "centrifugal, pairs", "centrifugal, echo",
        "inbox, fan-out", "inbox, pairs", "inbox, echo",
        "message, fan-out", "sign, fan-out"
    })
    void everyProtocolCanBeAimedAt(String target, String scenario) {
        assertFlawless(bench(scenario, "-n", "10", "--target", target));
    }

    @Test
    void protocolsWithoutGroupsSaySo() {
        var run = bench("fan-out", "-n", "10", "--target", "message", "--groups", "2");
        assertEquals(2, run.exitCode(), run::printed);
        assertTrue(run.printed().contains("leave --groups out"), run::printed);
        var pairs = bench("pairs", "-n", "10", "--target", "sign");
        assertEquals(2, pairs.exitCode(), pairs::printed);
    }

    @Test
    void soakTellsEveryInterval() {
        var run = bench("soak", "--traffic", "fan-out", "-n", "10", "--rate", "100", "--interval", "200ms");
        assertFlawless(run);
        assertTrue(run.json().split("\"at_s\"", -1).length > 3, run::printed);
    }

    @Test
    void idleConnectionsStay() {
        var run = bench("idle", "-n", "50");
        assertEquals(0, run.exitCode(), run::printed);
        assertEquals(50, run.number("ready"));
    }

    @Test
    void churnComesAndGoes() {
        var run = bench("churn", "--in-flight", "4");
        assertEquals(0, run.exitCode(), run::printed);
        assertTrue(run.number("handshakes") > 0, run::printed);
    }

    @Test
    void lossesEndWithThree() {
        try (var lossy = EchoServer.losing(10)) {
            var run = BenchProcess.run(
                    "echo",
                    "--target",
                    "plain",
                    "-n",
                    "1",
                    "--rate",
                    "200",
                    "--duration",
                    "1s",
                    "--warmup",
                    "0",
                    "--drain",
                    "1s",
                    "--url",
                    "ws://127.0.0.1:" + lossy.port());
            assertEquals(3, run.exitCode(), run::printed);
            assertEquals(Math.floor(run.number("expected") / 10), run.number("lost"));
            assertTrue(run.printed().contains("NOT FINE"), run::printed);
        }
    }

    @Test
    void wrongQuestionsAndDeadServersHaveTheirOwnCodes() {
        var wrong = BenchProcess.run("fan-out", "--size", "8");
        assertEquals(2, wrong.exitCode(), wrong::printed);
        assertTrue(wrong.printed().contains("give --size 30 or more"), wrong::printed);
        var refused = bench("echo", "--target", "plain", "--path", "/nowhere");
        assertEquals(1, refused.exitCode(), refused::printed);
        assertTrue(refused.printed().contains("100 × HTTP 404"), refused::printed);
    }

    private static BenchProcess bench(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", "ws://127.0.0.1:" + node.port(), "--server-pid", Long.toString(node.pid())));
        all.addAll(List.of("--duration", "800ms", "--warmup", "200ms", "--settle", "50ms", "--drain", "20s"));
        return BenchProcess.run(all.toArray(String[]::new));
    }

    private static void assertFlawless(BenchProcess run) {
        assertEquals(0, run.exitCode(), run::printed);
        assertEquals(0, run.number("lost"), run::printed);
        assertEquals(run.number("expected"), run.number("distinct"));
        assertTrue(run.number("distinct") > 0, run::printed);
    }
}
