package io.switchboard.checks.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.checks.cluster.Cluster;
import io.switchboard.checks.components.BenchProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The load generator between two nodes on a real Redis. */
@Tag("component")
@Tag("node")
class BenchClusterTest {
    @Test
    void whatIsPublishedOnOneNodeIsHeardOnTheOther() {
        try (var cluster = Cluster.start()) {
            var one = "ws://127.0.0.1:" + cluster.nodeA().port();
            var other = "ws://127.0.0.1:" + cluster.nodeB().port();
            var run = BenchProcess.run(
                    "cluster",
                    "-n",
                    "20",
                    "--groups",
                    "2",
                    "--rate",
                    "200",
                    "--duration",
                    "1s",
                    "--warmup",
                    "200ms",
                    "--drain",
                    "20s",
                    "--url",
                    one,
                    "--url",
                    other);
            assertEquals(0, run.exitCode(), run::printed);
            assertEquals(0, run.number("lost"), run::printed);
            assertEquals(10 * run.number("sent"), run.number("delivered"));
            assertTrue(run.printed().contains("between nodes"), run::printed);
        }
    }
}
