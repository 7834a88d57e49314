package io.switchboard.server.cli;

import io.switchboard.server.config.ConfigSources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where a configuration comes from, the same for every command. */
final class SourceOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Start from a ready configuration: chat-redis (the published chat design over Redis), demo,"
                    + " conformance (for the test suites of Centrifugal clients).")
    private Optional<String> preset = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set one key, over the file and the environment; may be repeated.")
    private List<String> settings = new ArrayList<>();

    /** The layers so far: preset, environment, settings; the file is up to the command. */
    ConfigSources sources() {
        var sources = ConfigSources.none().withEnvironment(System.getenv());
        if (preset.isPresent()) {
            sources = sources.withPreset(preset.get());
        }
        for (var setting : settings) {
            sources = sources.withSet(setting);
        }
        return sources;
    }

    boolean hasPreset() {
        return preset.isPresent();
    }
}
