package io.switchboard.checks.components;

import io.switchboard.checks.client.Await;
import io.switchboard.checks.client.Handshake;
import io.switchboard.checks.client.HttpAnswer;
import io.switchboard.checks.client.WsClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Spring Cloud Gateway as it is shipped, {@code gateway/target/switchboard-gateway.jar}, before real nodes. */
public final class GatewayProcess implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");

    private final Scratch scratch;
    private final Program program;
    private final int port;

    private GatewayProcess(Scratch scratch, Program program, int port) {
        this.scratch = scratch;
        this.program = program;
        this.port = port;
    }

    /** @param properties as on its command line, without the dashes */
    public static GatewayProcess start(Map<String, String> properties) {
        var jar = Repository.file("gateway/target/switchboard-gateway.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("no " + jar + ": build it with mvn -pl gateway -am package");
        }
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "-jar",
                jar.toAbsolutePath().toString(),
                "--server.port=0",
                "--server.address=127.0.0.1"));
        properties.forEach((name, value) -> line.add("--" + name + "=" + value));
        var scratch = Scratch.create("gateway");
        var program = Program.start("gateway", scratch.path(), line);
        try {
            var started = program.awaitLine(
                    "that it listens", text -> STARTED.matcher(text).find());
            var found = STARTED.matcher(started);
            if (!found.find()) {
                throw new AssertionError("no port in " + started);
            }
            return new GatewayProcess(scratch, program, Integer.parseInt(found.group(1)));
        } catch (AssertionError e) {
            program.close();
            scratch.close();
            throw e;
        }
    }

    /** By the published route: the node sees the path after {@code /websocket-demo}. */
    public URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + port + "/websocket-demo" + path);
    }

    /** Until it says so: all of these and no other take connections. */
    public void awaitNodes(NodeProcess... nodes) {
        var list = Stream.of(nodes)
                .map(node -> "127.0.0.1:" + node.port())
                .sorted()
                .collect(Collectors.joining(", "));
        var expected = "nodes that take connections: " + (list.isEmpty() ? "none" : list);
        Await.until(
                "the gateway to say \"" + expected + "\"",
                Duration.ofSeconds(20),
                () -> program.lastPrinted("nodes that take connections: "),
                line -> line.endsWith(expected));
    }

    /** The answer to a request without an upgrade. */
    public HttpAnswer ask(String path) {
        return WsClient.ask(Handshake.to(uri(path)).plain());
    }

    public boolean printed(String part) {
        return program.printed(part);
    }

    public String report() {
        return program.report();
    }

    @Override
    public void close() {
        program.close();
        scratch.close();
    }
}
