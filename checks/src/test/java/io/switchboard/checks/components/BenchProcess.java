package io.switchboard.checks.components;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One run of the load generator as its users start it: its exit code, its report in JSON, what it printed. */
public record BenchProcess(int exitCode, String json, String printed) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public static BenchProcess run(String... arguments) {
        var scratch = Scratch.create("bench");
        var file = scratch.path().resolve("report.json");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", NodeProcess.jar().toString(), "bench"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--json", file.toString()));
        try (scratch;
                var program = Program.start("bench", scratch.path(), command)) {
            int code = program.exitCode(PATIENCE);
            var report = program.report();
            return new BenchProcess(code, Files.exists(file) ? Files.readString(file) : "", report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first number of that name in the report, such as {@code "lost"}. */
    public double number(String name) {
        int at = json.indexOf("\"" + name + "\":");
        if (at < 0) {
            throw new AssertionError("no " + name + " in the report: " + json + printed);
        }
        int start = at + name.length() + 3;
        int end = start;
        while ("+-.0123456789".indexOf(json.charAt(end)) >= 0) {
            end++;
        }
        return Double.parseDouble(json.substring(start, end));
    }
}
