package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running process: its output is kept for the failure message, and it never outlives the tests. */
final class Program implements AutoCloseable {
    private static final Set<Process> LIVING = ConcurrentHashMap.newKeySet();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVING.forEach(Program::destroy)));
    }

    private final String name;
    private final Process process;
    private final Output output;
    private final Output errors;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = Output.of(process.getInputStream());
        this.errors = Output.of(process.getErrorStream());
    }

    static Program start(String name, Path directory, List<String> command) {
        try {
            var process =
                    new ProcessBuilder(command).directory(directory.toFile()).start();
            LIVING.add(process);
            process.getOutputStream().close();
            return new Program(name, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": is " + command.getFirst() + " installed?", e);
        }
    }

    /** Runs a program to its end and gives what it printed; anything but exit code 0 is a failure. */
    static String run(String name, Path directory, List<String> command) {
        try (var program = start(name, directory, command)) {
            int code = program.exitCode(PATIENCE);
            if (code != 0) {
                throw new AssertionError(name + " exited with " + code + program.report());
            }
            return program.output.awaitEnd();
        }
    }

    /** The first line of standard output that fits; a failure with everything printed if the program ends before. */
    String awaitLine(String what, Predicate<String> fits) {
        return output.awaitLine(fits, PATIENCE)
                .orElseThrow(() -> new AssertionError(name + " did not print " + what + report()));
    }

    /** The same on standard error, where logs go. */
    void awaitError(String what, Predicate<String> fits) {
        if (errors.awaitLine(fits, PATIENCE).isEmpty()) {
            throw new AssertionError(name + " did not log " + what + report());
        }
    }

    boolean printed(String part) {
        return output.text().contains(part) || errors.text().contains(part);
    }

    /** The last line of standard output with this part; empty if there is none. */
    String lastPrinted(String part) {
        return output.text().lines().filter(line -> line.contains(part)).reduce("", (before, line) -> line);
    }

    /** All it printed, once it has ended. */
    String output() {
        return output.awaitEnd();
    }

    String errors() {
        return errors.text();
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    void term() {
        // Not the process's own destroy: that would close its output as well, and its last words would be lost.
        process.toHandle().destroy();
    }

    /** With all its children: a killed parent cannot see to them any more. */
    void kill9() {
        destroy(process);
        exitCode(PATIENCE);
    }

    private static void destroy(Process process) {
        var children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    void hangUp() {
        signal("HUP");
    }

    void freeze() {
        signal("STOP");
        Await.until(name + " to be stopped", this::state, state -> state.startsWith("T"));
    }

    /** With its children, for programs that a script has started. */
    void freezeAll() {
        process.descendants().forEach(child -> signal("STOP", child.pid()));
        freeze();
    }

    void thawAll() {
        process.descendants().forEach(child -> signal("CONT", child.pid()));
        thaw();
    }

    void thaw() {
        signal("CONT");
        Await.until(name + " to go on", this::state, state -> !state.startsWith("T"));
    }

    int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " still runs after " + patience.toMillis() + " ms" + report());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of " + name, e);
        }
        LIVING.remove(process);
        return process.exitValue();
    }

    /** The end of both outputs, to be appended to a message. */
    String report() {
        return "\n--- standard output of " + name + " ---\n" + output.text() + "\n--- standard error of " + name
                + " ---\n" + errors.text();
    }

    @Override
    public void close() {
        kill9();
    }

    private void signal(String signal) {
        signal(signal, pid());
    }

    private void signal(String signal, long to) {
        try {
            var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(to))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("cannot send " + signal + " to " + name + report());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while sending " + signal + " to " + name, e);
        }
    }

    private String state() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("State:"))
                .map(line -> line.substring("State:".length()).strip())
                .findFirst()
                .orElse("unknown");
    }
}
