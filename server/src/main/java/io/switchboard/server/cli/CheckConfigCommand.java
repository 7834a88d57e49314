package io.switchboard.server.cli;

import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.KeyListing;
import io.switchboard.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchboard check-config}: what is wrong in a configuration, where, and what would be right. */
@Command(
        name = "check-config",
        header = "Says what is wrong in a configuration, where, and what would be right.",
        description = "%nReads what 'serve' would read: the preset, the file, SWITCHBOARD_… environment variables and"
                + " --set, the later over the earlier. Nothing is started and no broker is asked.%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "%nExamples:",
            "  switchboard check-config board.yaml",
            "  switchboard check-config --preset chat-redis --set node.port=9000",
            "  switchboard check-config --keys",
            "%nExit code: 0 it can be used, 2 there are mistakes."
        })
final class CheckConfigCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The YAML file to check.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private SourceOptions options = new SourceOptions();

    @Option(names = "--keys", description = "List every key: its default, what it takes, what it is for.")
    private boolean keys;

    @Option(names = "--markdown", description = "With --keys: as a table for a document.")
    private boolean markdown;

    @Override
    public Integer call() throws ConfigException {
        var out = spec.commandLine().getOut();
        if (keys) {
            out.print(markdown ? KeyListing.markdown() : KeyListing.text());
            out.flush();
            return Main.OK;
        }
        if (file.isEmpty() && !options.hasPreset()) {
            throw new ParameterException(spec.commandLine(), "Which configuration? Give a FILE or a --preset.");
        }
        var sources = options.sources();
        var config = (file.isPresent() ? sources.withFile(file.get()) : sources).load();
        config.warnings().forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        out.println("The configuration can be used: " + summary(config));
        return Main.OK;
    }

    private static String summary(ServerConfig config) {
        var node = config.node();
        var backplane = config.backplane();
        var link = switch (backplane.type()) {
            case NONE -> "alone";
            case MEMORY -> "with the other nodes of its process";
            case REDIS, RABBITMQ, ROCKETMQ ->
                "linked by " + backplane.uri() + " ("
                        + backplane.format().name().toLowerCase(Locale.ROOT) + " format)";
        };
        return "node " + node.name() + " of cluster " + config.cluster().name() + " at " + node.host() + ":"
                + node.port() + ", " + link + ".";
    }
}
