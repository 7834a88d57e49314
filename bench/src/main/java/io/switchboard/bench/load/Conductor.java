package io.switchboard.bench.load;

import io.switchboard.bench.measure.Descriptors;
import io.switchboard.bench.measure.Latency;
import io.switchboard.bench.measure.Usage;
import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.plan.Pace;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.plan.TargetFailedException;
import io.switchboard.bench.report.Report;
import io.switchboard.bench.report.Report.Connected;
import io.switchboard.bench.report.Report.Memory;
import io.switchboard.bench.report.Report.Moment;
import io.switchboard.bench.report.Report.Stage;
import io.switchboard.bench.report.Voice;
import io.switchboard.bench.wire.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Leads a run through its phases: connect, settle, warm up, drain, then measure and drain for each rate. Phases are
 * drained so that nothing of one is counted in the next, and the server's CPU of a stage is that of its own messages.
 */
public final class Conductor implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final double BUSY_MAX = 0.9;

    private final BenchPlan plan;
    private final Voice voice;
    private final CountDownLatch stop;
    private final Run run;
    private final Workers workers;
    private final List<Stage> stages = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private final Instant started = Instant.now();
    private long expected;
    private double measured;

    /** Counting {@code stop} down ends the measured time early; the report tells what there was until then. */
    public Conductor(BenchPlan plan, Voice voice, CountDownLatch stop) {
        this.plan = plan;
        this.voice = voice;
        this.stop = stop;
        Descriptors.check(plan.crowd().all(), plan.urls().size());
        var endpoints = plan.urls().stream().map(Endpoint::of).toList();
        endpoints.stream().filter(Endpoint::unknown).findFirst().ifPresent(unknown -> {
            throw new TargetFailedException("no host is called " + unknown.uri().getHost());
        });
        int number = ThreadLocalRandom.current().nextInt(1 << 12);
        var spelling = plan.target().spelling(plan.traffic());
        run = new Run(plan, spelling, endpoints, new Crew(plan), number, System.nanoTime());
        workers = new Workers(run);
    }

    public Report run() {
        var before = Usage.of(plan.serverPids());
        if (plan.scenario() == Scenario.CHURN) {
            return churn(before);
        }
        var connected = connect(before);
        var full = Usage.of(plan.serverPids());
        if (plan.traffic().hasTraffic()) {
            traffic();
        } else {
            hold();
        }
        var states = workers.states();
        var findings = new Audit(run, workers, expected).findings(states);
        var memory = new Memory(
                before.resident(), full.resident(), Usage.of(plan.serverPids()).resident());
        return new Report(plan, started, lostLater(connected, states), stages, moments, findings, memory, warnings());
    }

    private Connected connect(Usage before) {
        int all = run.crew().members().size();
        voice.phase("connecting " + count(all) + " to "
                + String.join(", ", plan.urls().stream().map(Object::toString).toList()));
        long begun = System.nanoTime();
        workers.connect(plan.crowd().inFlight(), plan.times().ramp().toNanos() / (double) all, false);
        List<Worker.State> states;
        do {
            pause(LOOK.multipliedBy(4));
            states = workers.states();
            voice.now("connected " + count(ready(states)) + " of " + count(all));
        } while (states.stream().anyMatch(Worker.State::connecting) && stop.getCount() > 0);
        double seconds = since(begun);
        if (ready(states) < all) {
            throw new TargetFailedException(Audit.failures(states, all, stop.getCount() == 0));
        }
        // The server may still be busy with its side of the last handshakes.
        pause(plan.times().settle());
        var usage = Usage.of(plan.serverPids()).since(before);
        return new Connected(ready(states), 0, seconds, Latency.of(workers.cut().handshake), usage, java.util.Map.of());
    }

    private Connected lostLater(Connected connected, List<Worker.State> states) {
        return new Connected(
                connected.ready(),
                states.stream().mapToInt(Worker.State::failed).sum(),
                connected.seconds(),
                connected.handshake(),
                connected.server(),
                Audit.causes(states));
    }

    private void traffic() {
        run.crew().countAudiences();
        List<Double> rates = plan.pace() instanceof Pace.Rates(var perSecond) ? perSecond : List.of(0.0);
        if (!plan.times().warmup().isZero()) {
            voice.phase("warming up");
            stretch(rates.getFirst(), plan.times().warmup(), false);
        }
        for (double rate : rates) {
            if (stop.getCount() > 0) {
                voice.phase(
                        rates.size() > 1
                                ? String.format(Locale.ROOT, "measuring at %,.0f messages/s", rate)
                                : "measuring");
                stretch(rate, plan.times().duration(), true);
            }
        }
    }

    /** Traffic for so long, and then until everything has come or nothing more is to be hoped for. */
    private void stretch(double rate, Duration length, boolean measure) {
        workers.cut();
        var total = new Slice(plan.urls().size());
        var before = Usage.of(plan.serverPids());
        var cpuBefore = workers.cpu();
        long begun = System.nanoTime();
        workers.begin(rate, begun);
        long end = begun + length.toNanos();
        var clock = new Interval(begun, before);
        while (System.nanoTime() < end && stop.getCount() > 0) {
            pause(Duration.ofNanos(
                    Math.min(end - System.nanoTime(), plan.times().interval().toNanos())));
            total.add(clock.cut(measure));
        }
        workers.end();
        drain(total, clock, measure);
        expected += total.expected;
        if (measure) {
            double wall = since(begun);
            var usage = Usage.of(plan.serverPids()).since(before);
            double seconds = total.lastHeard > 0 ? (total.lastHeard - begun) / 1e9 : wall;
            stages.add(stage(rate, seconds, total, usage, busy(cpuBefore, wall)));
            measured += wall;
        }
    }

    private void drain(Slice total, Interval clock, boolean measure) {
        long end = System.nanoTime() + plan.times().drain().toNanos();
        total.add(clock.cut(measure));
        while (total.delivered < total.expected && System.nanoTime() < end) {
            pause(LOOK);
            total.add(clock.cut(false));
        }
    }

    private void hold() {
        voice.phase("holding " + count(run.crew().members().size()) + " idle connections");
        long begun = System.nanoTime();
        var before = Usage.of(plan.serverPids());
        var cpuBefore = workers.cpu();
        var clock = new Interval(begun, before);
        long end = begun + plan.times().duration().toNanos();
        while (System.nanoTime() < end && stop.getCount() > 0) {
            pause(Duration.ofNanos(
                    Math.min(end - System.nanoTime(), plan.times().interval().toNanos())));
            clock.cut(true);
        }
        var usage = Usage.of(plan.serverPids()).since(before);
        stages.add(stage(0, since(begun), new Slice(plan.urls().size()), usage, busy(cpuBefore, since(begun))));
    }

    private Report churn(Usage before) {
        int all = run.crew().members().size();
        voice.phase("warming up: connecting, upgrading and dropping, "
                + count(plan.crowd().inFlight()) + " at a time");
        workers.connect(plan.crowd().inFlight(), 0, true);
        pause(plan.times().warmup());
        workers.cut();
        voice.phase("measuring");
        long begun = System.nanoTime();
        var usageBefore = Usage.of(plan.serverPids());
        var cpuBefore = workers.cpu();
        var clock = new Interval(begun, usageBefore);
        var total = new Slice(plan.urls().size());
        long end = begun + plan.times().duration().toNanos();
        while (System.nanoTime() < end && stop.getCount() > 0) {
            pause(Duration.ofNanos(
                    Math.min(end - System.nanoTime(), plan.times().interval().toNanos())));
            total.add(clock.cut(true));
        }
        double wall = since(begun);
        var usage = Usage.of(plan.serverPids()).since(usageBefore);
        stages.add(stage(0, wall, total, usage, busy(cpuBefore, wall)));
        workers.stopConnecting();
        var states = workers.states();
        if (total.handshakes == 0) {
            throw new TargetFailedException(Audit.failures(states, all, false));
        }
        int failed = states.stream().mapToInt(Worker.State::failed).sum();
        var connected = new Connected(0, failed, wall, Latency.of(total.handshake), usage, Audit.causes(states));
        var memory = new Memory(before.resident(), usageBefore.resident(), usage.resident());
        var findings = new Audit(run, workers, 0).findings(states);
        return new Report(plan, started, connected, stages, moments, findings, memory, warnings());
    }

    private Stage stage(double rate, double seconds, Slice total, Usage usage, double busy) {
        return new Stage(
                rate,
                seconds,
                total.sent,
                total.expected,
                total.delivered,
                total.stalls,
                Latency.of(total.allLatency()),
                Latency.of(total.uncorrected),
                Latency.of(total.lag),
                total.latency.stream().map(Latency::of).toList(),
                total.handshakes,
                Latency.of(total.handshake),
                usage,
                busy);
    }

    /** Cuts the time into the moments of the report. */
    private final class Interval {
        private final long begun;
        private long last;
        private Usage usage;

        Interval(long begun, Usage usage) {
            this.begun = begun;
            this.last = begun;
            this.usage = usage;
        }

        Slice cut(boolean tell) {
            var slice = workers.cut();
            long now = System.nanoTime();
            double seconds = (now - last) / 1e9;
            if (tell && seconds > 0.01) {
                var upToNow = Usage.of(plan.serverPids());
                var used = upToNow.since(usage);
                usage = upToNow;
                last = now;
                var all = Latency.of(slice.allLatency());
                var moment = new Moment(
                        measured + (now - begun) / 1e9,
                        seconds,
                        slice.sent,
                        slice.delivered,
                        slice.handshakes,
                        all.p50(),
                        all.p99(),
                        all.max(),
                        used.cpu(),
                        used.resident());
                moments.add(moment);
                voice.moment(moment);
            }
            return slice;
        }
    }

    private double busy(List<Long> before, double seconds) {
        var after = workers.cpu();
        double most = 0;
        for (int i = 0; i < after.size(); i++) {
            most = Math.max(most, (after.get(i) - before.get(i)) / 1e9 / seconds);
        }
        return most;
    }

    private List<String> warnings() {
        var warnings = new ArrayList<String>();
        double busiest = stages.stream().mapToDouble(Stage::busy).max().orElse(0);
        if (busiest > BUSY_MAX) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "a generator thread was busy %.0f %% of the time: rates and latency are the generator's, not the"
                            + " server's; use more --threads, a lower --rate, or several generators",
                    busiest * 100));
        }
        long stalls = stages.stream().mapToLong(Stage::stalls).sum();
        if (stalls > 0) {
            warnings.add("nothing came for a second, " + stalls
                    + " times: what was under way was given up and the loop begun anew");
        }
        if (stop.getCount() == 0) {
            warnings.add("it was stopped before its time");
        }
        return warnings;
    }

    private static int ready(List<Worker.State> states) {
        return states.stream().mapToInt(Worker.State::ready).sum();
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void pause(Duration length) {
        try {
            if (length.isPositive() && stop.await(length.toNanos(), TimeUnit.NANOSECONDS)) {
                voice.now("stopping");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadPlanException("interrupted");
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
