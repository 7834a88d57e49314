package io.switchboard.checks.components;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The demo as those start it who want to try it: two nodes in one process, and a page. */
public final class DemoProcess implements AutoCloseable {
    private final Scratch scratch;
    private final Program program;
    private final URI page;

    private DemoProcess(Scratch scratch, Program program, URI page) {
        this.scratch = scratch;
        this.program = program;
        this.page = page;
    }

    /** On free ports; returns once both nodes say that they are ready. */
    public static DemoProcess start() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var scratch = Scratch.create("demo");
        var command = List.of(java, "-jar", NodeProcess.jar().toString(), "demo", "--port", "0");
        var program = Program.start("demo", scratch.path(), command);
        try {
            var page = program.awaitLine("where its page is", line -> line.contains("http://"));
            program.awaitLine("that it is ready", line -> line.startsWith("ready ws://"));
            return new DemoProcess(scratch, program, URI.create(page.strip()));
        } catch (AssertionError e) {
            program.close();
            scratch.close();
            throw e;
        }
    }

    public URI page() {
        return page;
    }

    public void kill9() {
        program.kill9();
    }

    /** Everything that it printed, to be appended to a message. */
    public String report() {
        return program.report();
    }

    @Override
    public void close() {
        program.close();
        scratch.close();
    }
}
