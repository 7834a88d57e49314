package io.switchboard.checks.components;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A node that has been started and has not said yet that it is ready: as long as it has no broker, it does not. */
public final class StartingNode implements AutoCloseable {
    private static final String READY = "ready ws://";

    private final NodeSettings settings;
    private final Scratch scratch;
    private final Program program;
    private boolean taken;

    private StartingNode(NodeSettings settings, Scratch scratch, Program program) {
        this.settings = settings;
        this.scratch = scratch;
        this.program = program;
    }

    /** On a free port; returns at once. */
    public static StartingNode start(NodeSettings settings) {
        return start(settings, 0);
    }

    /** On this port, free or not. */
    public static StartingNode start(NodeSettings settings, int port) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(settings.jvmOptions());
        command.addAll(List.of("-jar", NodeProcess.jar().toString()));
        command.addAll(settings.arguments(port));
        var scratch = Scratch.create("node-" + settings.name());
        var program = Program.start("node " + settings.name(), scratch.path(), command);
        return new StartingNode(settings, scratch, program);
    }

    /** Until its log has such a line. */
    public void awaitLog(String what, Predicate<String> fits) {
        program.awaitError(what, fits);
    }

    /** Whether it has said so; {@link #awaitReady} waits for it. */
    public boolean saysReady() {
        return program.printed(READY);
    }

    /** Of one that cannot start; gives its exit code. */
    public int awaitEnd() {
        return program.exitCode(Duration.ofSeconds(30));
    }

    /** From here on it is the caller's to close. */
    public NodeProcess awaitReady() {
        var line = program.awaitLine("that it is ready", text -> text.startsWith(READY));
        var address = URI.create(line.substring("ready ".length()).strip());
        taken = true;
        return new NodeProcess(settings, scratch, program, address);
    }

    /** Ends it, unless it was handed over. */
    @Override
    public void close() {
        if (!taken) {
            program.close();
            scratch.close();
        }
    }
}
