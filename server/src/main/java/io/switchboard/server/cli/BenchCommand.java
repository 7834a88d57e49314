package io.switchboard.server.cli;

import io.switchboard.bench.Bench;
import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.plan.BenchPlan;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.plan.TargetFailedException;
import io.switchboard.bench.report.HtmlReport;
import io.switchboard.bench.report.JsonReport;
import io.switchboard.bench.report.LiveVoice;
import io.switchboard.bench.report.Report;
import io.switchboard.bench.report.Report.Moment;
import io.switchboard.bench.report.TextReport;
import io.switchboard.bench.report.Voice;
import io.switchboard.server.CannotRunException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchboard bench}: the load generator. */
@Command(
        name = "bench",
        header = "Puts load on WebSocket servers, and tells what they did with it.",
        description = {
            "%nScenarios:",
            "  idle      connections that say nothing: memory, pings",
            "  fan-out   publishers, each to all listeners of its group",
            "  pairs     connections in twos that talk to each other",
            "  echo      every connection to itself",
            "  churn     connect, upgrade, drop, as fast as it goes",
            "  cluster   publishers on the first --url, listeners on the others and one beside each publisher",
            "  soak      any of these for a long time (--traffic), a line per --interval",
            "%nEvery message carries its publisher, its number and the time it was meant to be sent, so losses,"
                    + " repeats and changes of order are counted exactly. With --rate (open loop) latency counts from"
                    + " the intended time, so a server that stalls cannot hide it by slowing the generator down;"
                    + " with --window (closed loop, the default) the server sets the pace.%n"
        },
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "%nExamples:",
            "  switchboard bench echo",
            "  switchboard bench fan-out --connections 1000 --window 16 --server-pid 4711",
            "  switchboard bench pairs --rate 1000..20000 --steps 5 --html pairs.html",
            "  switchboard bench cluster --url ws://a:8080 --url ws://b:8080 --rate 2000",
            "  switchboard bench fan-out --target plain --path /room/%%g --message 'say:%%P'",
            "%nExit code: 0 everything came once, 1 it could not run or connections failed, 2 it was asked wrongly,"
                    + " 3 messages were lost, repeated or misrouted."
        })
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SCENARIO", description = "One of the scenarios above.")
    private String scenario = "";

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--json-lines", paramLabel = "FILE", description = "Write each interval as a line of JSON at once.")
    private Optional<Path> jsonLines = Optional.empty();

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a page with charts.")
    private Optional<Path> html = Optional.empty();

    @Override
    public Integer call() {
        try {
            var plan = load.plan(scenario, target);
            return run(plan);
        } catch (BadPlanException e) {
            throw new ParameterException(spec.commandLine(), message(e), e);
        } catch (TargetFailedException e) {
            throw new CannotRunException(message(e), e);
        }
    }

    private int run(BenchPlan plan) {
        var err = spec.commandLine().getErr();
        boolean soak = plan.scenario() == Scenario.SOAK;
        var voice =
                new LiveVoice(err, Terminals.isError(), soak, !plan.serverPids().isEmpty());
        var bench = new Bench();
        Signals.on("INT", () -> interrupted(bench));
        Signals.on("TERM", () -> interrupted(bench));
        try (var lines = jsonLines.map(BenchCommand::open).orElseGet(() -> new PrintWriter(PrintWriter.nullWriter()))) {
            var report = bench.run(
                    plan, new Recorded(voice, lines, !plan.serverPids().isEmpty()));
            voice.clear();
            tell(report);
            json.ifPresent(file -> write(file, JsonReport.of(report)));
            html.ifPresent(file -> write(file, HtmlReport.of(report)));
            return report.exitCode();
        } finally {
            voice.clear();
        }
    }

    private int stops;

    /** The first ends the measurement and still reports, the second ends at once. */
    private void interrupted(Bench bench) {
        stops++;
        if (stops > 1) {
            Runtime.getRuntime().halt(Main.FAILED);
        }
        bench.stop();
    }

    private void tell(Report report) {
        var out = spec.commandLine().getOut();
        out.print(TextReport.of(report));
        var verdict = TextReport.verdict(report);
        int code = report.exitCode();
        out.println(
                Terminals.isOutput() ? (code == 0 ? "\u001B[32m" : "\u001B[1;31m") + verdict + "\u001B[0m" : verdict);
        out.flush();
    }

    /** Passes everything on, and each interval to a file as well. */
    private record Recorded(Voice voice, PrintWriter lines, boolean knowsServer) implements Voice {
        @Override
        public void phase(String words) {
            voice.phase(words);
        }

        @Override
        public void now(String words) {
            voice.now(words);
        }

        @Override
        public void moment(Moment moment) {
            voice.moment(moment);
            lines.println(JsonReport.line(moment, knowsServer));
            lines.flush();
        }
    }

    private static PrintWriter open(Path file) {
        try {
            return new PrintWriter(Files.newBufferedWriter(file));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static CannotRunException unwritable(Path file, IOException cause) {
        return new CannotRunException(
                "cannot write " + file + " (" + cause.getMessage() + "); does its directory exist?", cause);
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }
}
