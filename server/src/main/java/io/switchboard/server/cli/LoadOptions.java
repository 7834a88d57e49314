package io.switchboard.server.cli;

import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.plan.BenchPlan.Crowd;
import io.switchboard.bench.plan.Pace;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.plan.Times;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options that say how much load, how fast, for how long. */
final class LoadOptions {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)");
    private static final Map<String, Double> MILLIS =
            Map.of("ms", 1.0, "s", 1e3, "m", 60e3, "h", 3600e3, "d", 86_400e3);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A server, such as ws://127.0.0.1:8080 (the default); again for each further node:"
                    + " connections are spread over them in turn.")
    private List<URI> urls = new ArrayList<>();

    @Option(
            names = {"-n", "--connections"},
            paramLabel = "N",
            description = "How many connections (in fan-out and cluster: listeners). Default 100.")
    private int connections = 100;

    @Option(names = "--groups", paramLabel = "N", description = "Groups the listeners are shared out to. Default 1.")
    private int groups = 1;

    @Option(
            names = "--publishers",
            paramLabel = "N",
            description =
                    "In fan-out and cluster: connections that publish, a multiple of --groups. Default: one each.")
    private int publishers;

    @Option(names = "--size", paramLabel = "BYTES", description = "The payload, stamp included. Default 100.")
    private int size = 100;

    @Option(
            names = "--window",
            paramLabel = "W",
            description = "Closed loop: messages under way per publisher (pairs, echo: per connection). Default 1.")
    private Optional<Integer> window = Optional.empty();

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Open loop: messages published per second altogether; or a ramp FROM..TO in --steps.")
    private Optional<String> rate = Optional.empty();

    @Option(names = "--steps", paramLabel = "N", description = "Steps of a ramp, each for --duration. Default 5.")
    private int steps = 5;

    @Option(names = "--duration", paramLabel = "TIME", description = "How long to measure. Default 10s; soak 1h.")
    private Optional<String> duration = Optional.empty();

    @Option(names = "--warmup", paramLabel = "TIME", description = "The same load before, not measured. Default 3s.")
    private String warmup = "3s";

    @Option(names = "--ramp", paramLabel = "TIME", description = "Spread connecting over this time. Default: at once.")
    private String ramp = "0s";

    @Option(names = "--settle", paramLabel = "TIME", description = "Pause after connecting. Default 500ms.")
    private String settle = "500ms";

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long to wait for what is still under way before it counts as lost. Default 3s.")
    private String drain = "3s";

    @Option(names = "--interval", paramLabel = "TIME", description = "Length of an interval. Default 1s; soak 10s.")
    private Optional<String> interval = Optional.empty();

    @Option(names = "--traffic", paramLabel = "SCENARIO", description = "What goes on in a soak. Default fan-out.")
    private Optional<String> traffic = Optional.empty();

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Handshakes under way at a time, while connecting and in churn. Default 64.")
    private int inFlight = 64;

    @Option(names = "--threads", paramLabel = "N", description = "Generator threads. Default 1.")
    private int threads = 1;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            split = ",",
            description = "The servers' processes on this machine: their CPU and memory are reported.")
    private List<Long> pids = new ArrayList<>();

    /** Everything checked; what is wrong is said with its cure. */
    BenchPlan plan(String scenarioWord, TargetOptions target) {
        var scenario = scenario(scenarioWord);
        boolean soak = scenario == Scenario.SOAK;
        var within = soak ? scenario(traffic.orElse("fan-out")) : scenario;
        if (traffic.isPresent() && !soak) {
            throw new BadPlanException("--traffic belongs to soak; the scenario here is " + scenario.word());
        }
        if (rate.isPresent() && window.isPresent()) {
            throw new BadPlanException("--rate (open loop) and --window (closed loop) exclude each other; give one");
        }
        Pace pace = rate.isPresent() ? Pace.Rates.parse(rate.get(), steps) : new Pace.Window(window.orElse(1));
        if (!within.hasTraffic() && (rate.isPresent() || window.isPresent())) {
            throw new BadPlanException(scenario.word() + " sends no messages; leave --rate and --window out");
        }
        var times = new Times(
                span("--ramp", ramp),
                span("--settle", settle),
                span("--warmup", warmup),
                span("--duration", duration.orElse(soak ? "1h" : "10s")),
                span("--drain", drain),
                span("--interval", interval.orElse(soak ? "10s" : "1s")));
        int publishing = within.hasPublishers() ? publishers == 0 ? groups : publishers : 0;
        // In churn no more are ever open than are under way.
        int crowd = scenario == Scenario.CHURN ? inFlight : connections;
        return new BenchPlan(
                scenario,
                within,
                target.target(),
                urls.isEmpty() ? List.of(URI.create("ws://127.0.0.1:8080")) : urls,
                new Crowd(crowd, groups, publishing, threads, inFlight),
                pace,
                times,
                size,
                pids);
    }

    private static Scenario scenario(String word) {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenario.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadPlanException("there is no scenario \"" + word + "\"; give one of "
                        + Arrays.stream(Scenario.values()).map(Scenario::word).collect(Collectors.joining(", "))));
    }

    private static Duration span(String option, String text) {
        var span = SPAN.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!span.matches()) {
            throw new BadPlanException(option + " " + text + " is no time; give one such as 500ms, 10s, 5m or 1h");
        }
        double millis = Double.parseDouble(span.group(1)) * MILLIS.getOrDefault(span.group(2), 1.0);
        return Duration.ofNanos((long) (millis * 1e6));
    }
}
