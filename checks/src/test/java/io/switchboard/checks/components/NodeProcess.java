package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.HttpAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;

/**
 * A node as its users run it: a process of its own, started from the packaged jar, that says on standard output where
 * it listens. The jar is {@code server/target/switchboard.jar}, or what the system property {@code switchboard.jar}
 * names.
 */
public final class NodeProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final NodeSettings settings;
    private final Scratch scratch;
    private final Program program;
    private final URI address;

    NodeProcess(NodeSettings settings, Scratch scratch, Program program, URI address) {
        this.settings = settings;
        this.scratch = scratch;
        this.program = program;
        this.address = address;
    }

    /** On a free port; returns once the node says that it is ready. */
    public static NodeProcess start(NodeSettings settings) {
        return start(settings, 0);
    }

    private static NodeProcess start(NodeSettings settings, int port) {
        try (var starting = StartingNode.start(settings, port)) {
            return starting.awaitReady();
        }
    }

    /** The packaged server. */
    static Path jar() {
        var named = System.getProperty("switchboard.jar", "");
        var jar = named.isEmpty() ? Repository.file("server/target/switchboard.jar") : Path.of(named);
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("no " + jar + ": build it with mvn -pl server -am package, "
                    + "or leave out these tests with -DexcludedGroups=node");
        }
        return jar.toAbsolutePath();
    }

    public String name() {
        return settings.name();
    }

    public int port() {
        return address.getPort();
    }

    public long pid() {
        return program.pid();
    }

    public boolean alive() {
        return program.alive();
    }

    public URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + port() + path);
    }

    /** Asks it to drain and end. */
    public void term() {
        program.term();
    }

    public void kill9() {
        program.kill9();
    }

    /** SIGSTOP: connections stay open, and nothing answers. */
    public void freeze() {
        program.freeze();
    }

    public void thaw() {
        program.thaw();
    }

    /** SIGHUP: take over what can be taken over from the configuration. */
    public void hangUp() {
        program.hangUp();
    }

    /** Waits for its end. */
    public int exitCode() {
        return program.exitCode(GRACE);
    }

    /** The same node again, a new incarnation on the same port. The old one must have ended. */
    public NodeProcess startAgain() {
        return start(settings, port());
    }

    /** Its log. */
    public String errors() {
        return program.errors();
    }

    /** Everything that it printed, to be appended to a message. */
    public String report() {
        return program.report();
    }

    public HttpAnswer get(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Await.PATIENCE)
                .build();
        try {
            var response = HTTP.send(request, BodyHandlers.ofString());
            var headers = new HashMap<String, String>();
            response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            return new HttpAnswer(response.statusCode(), headers, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from node " + name() + " to GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking node " + name(), e);
        }
    }

    /** The sum of all samples of a metric, whatever their labels; a failure if the node has no such metric. */
    public double metric(String name) {
        return Metrics.parse(get("/metrics").body()).sum(name);
    }

    /** The same, of samples with this label only. */
    public double metric(String name, String label, String value) {
        return Metrics.parse(get("/metrics").body()).sum(name, label, value);
    }

    @Override
    public void close() {
        program.close();
        scratch.close();
    }
}
