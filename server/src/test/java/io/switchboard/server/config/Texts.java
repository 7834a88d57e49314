package io.switchboard.server.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory with configuration files as an operator would write them. */
record Texts(Path directory) {

    ConfigSources file(String yaml) {
        try {
            return ConfigSources.none().withFile(Files.writeString(directory.resolve("board.yaml"), yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a file, the path of its directory left out. */
    List<String> problemsOf(String yaml) {
        return problems(file(yaml)).stream()
                .map(problem -> problem.replace(directory + "/", ""))
                .toList();
    }

    static List<String> problems(ConfigSources sources) {
        return assertThrows(ConfigException.class, sources::load).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }
}
