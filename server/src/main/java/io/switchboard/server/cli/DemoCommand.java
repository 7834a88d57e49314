package io.switchboard.server.cli;

import io.switchboard.server.Demo;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import io.switchboard.server.config.ServerConfig;
import io.switchboard.server.web.DemoKeys;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchboard demo}: two nodes in this process and a page to try them. */
@Command(
        name = "demo",
        header = "Runs two nodes in one process, and a page to try them. Needs nothing else.",
        optionListHeading = "%nOptions:%n",
        footer = {"%nExamples:", "  switchboard demo", "  switchboard demo --port 9000"})
final class DemoCommand implements Callable<Integer> {
    /** What is said in groups is kept for who reads it through the server API. */
    private static final String HISTORY = "group history_size=100 history_ttl=5m";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The first node's port, the second takes the next; 0 takes free ones. Default 8080.")
    private String port = "8080";

    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    @Override
    public Integer call() throws ConfigException {
        var keys = DemoKeys.random();
        ServerConfig config = ConfigSources.none()
                .withPreset("demo")
                .withFlag("--port", "node.port", port)
                .withFlag("demo", "log.level", verbose ? "debug" : "warn")
                .withFlag("demo", "auth.hmac_secret", keys.tokenSecret())
                .withFlag("demo", "api.key", keys.apiKey())
                .withFlag("demo", "namespaces", HISTORY)
                .load();
        LogOutput.to(System.err, config.log().level());
        var ending = new Ending(config.limits().drainTime());
        try (var demo = Demo.start(config, keys)) {
            ending.of(demo);
            PrintWriter out = spec.commandLine().getOut();
            out.println("Two nodes run in this process. To try them, open");
            out.println();
            out.println("    " + demo.page());
            out.println();
            out.println("Ctrl-C ends.");
            demo.urls().forEach(url -> out.println("ready " + url));
            out.flush();
            return ending.await();
        }
    }
}
