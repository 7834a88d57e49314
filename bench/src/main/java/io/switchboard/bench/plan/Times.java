package io.switchboard.bench.plan;

import java.time.Duration;

/**
 * How long each phase takes: connecting is spread over {@code ramp} (zero: as fast as it goes), then {@code settle},
 * {@code warmup}, for each rate {@code duration}, and after each at most {@code drain} for what is still under way.
 */
public record Times(
        Duration ramp, Duration settle, Duration warmup, Duration duration, Duration drain, Duration interval) {
    public Times {
        if (duration.isZero()) {
            throw new BadPlanException("--duration 0 measures nothing; give one such as 10s");
        }
        if (interval.toMillis() < 100) {
            throw new BadPlanException(
                    "--interval " + interval.toMillis() + "ms is too short to tell anything;" + " give 100ms or more");
        }
    }
}
