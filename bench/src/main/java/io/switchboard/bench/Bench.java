package io.switchboard.bench;

import io.switchboard.bench.load.Conductor;
import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.report.Report;
import io.switchboard.bench.report.Voice;
import java.util.concurrent.CountDownLatch;

/** The load generator: one run of a plan. */
public final class Bench {
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Runs it on the caller's thread and threads of its own, to the end or until {@link #stop}. */
    public Report run(BenchPlan plan, Voice voice) {
        try (var conductor = new Conductor(plan, voice, stop)) {
            return conductor.run();
        }
    }

    /** From another thread: measure no longer, report what there is. */
    public void stop() {
        stop.countDown();
    }
}
