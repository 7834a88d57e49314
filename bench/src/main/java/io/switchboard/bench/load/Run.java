package io.switchboard.bench.load;

import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.target.Spelling;
import io.switchboard.bench.wire.Endpoint;
import java.util.List;

/** What all workers of a run share. Stamps tell times since {@code origin}; {@code number} tells runs apart. */
record Run(BenchPlan plan, Spelling spelling, List<Endpoint> endpoints, Crew crew, int number, long origin) {
    Run {
        endpoints = List.copyOf(endpoints);
    }
}
