package io.switchboard.server.cli;

import io.switchboard.server.Switchboard;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchboard serve}: one node, until it is told to end. */
@Command(
        name = "serve",
        header = "Runs one node.",
        description = "%nPrints 'ready ws://HOST:PORT' on standard output once it accepts connections and its link to"
                + " the other nodes is up; logs go to standard error. TERM or Ctrl-C drains: no new connections, the"
                + " others are told to connect elsewhere; a second one ends at once.%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "%nExamples:",
            "  switchboard serve --preset chat-redis --port 8080",
            "  switchboard serve --preset chat-redis --set backplane.uri=redis://10.0.0.5:6379",
            "  switchboard serve --config board.yaml --node a",
            "%nExit code: 0 it ended as it was told, 1 it could not run, 2 there are mistakes in the configuration."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", paramLabel = "FILE", description = "The YAML file to read.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--port", paramLabel = "N", description = "The port; 0 takes a free one. Key node.port.")
    private Optional<String> port = Optional.empty();

    @Option(names = "--node", paramLabel = "NAME", description = "This node's name in the cluster. Key node.name.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--verbose", description = "Log more: the same as --set log.level=debug.")
    private boolean verbose;

    @Mixin
    private SourceOptions options = new SourceOptions();

    @Override
    public Integer call() throws ConfigException {
        var sources = options.sources();
        if (file.isPresent()) {
            sources = sources.withFile(file.get());
        }
        if (port.isPresent()) {
            sources = sources.withFlag("--port", "node.port", port.get());
        }
        if (node.isPresent()) {
            sources = sources.withFlag("--node", "node.name", node.get());
        }
        if (verbose) {
            sources = sources.withFlag("--verbose", "log.level", "debug");
        }
        ServerConfig config = sources.load();
        LogOutput.to(System.err, config.log().level());
        config.warnings().forEach(warning -> LogOutput.warn(ServeCommand.class, warning));
        var ending = new Ending(config.limits().drainTime());
        try (var board = Switchboard.start(config)) {
            ending.of(board);
            board.node().linked().thenRun(() -> {
                spec.commandLine().getOut().println("ready " + board.url());
                spec.commandLine().getOut().flush();
            });
            return ending.await();
        }
    }
}
