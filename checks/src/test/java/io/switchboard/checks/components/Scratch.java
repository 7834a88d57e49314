package io.switchboard.checks.components;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory of one's own that disappears when closed. */
record Scratch(Path path) implements AutoCloseable {
    static Scratch create(String name) {
        try {
            return new Scratch(Files.createTempDirectory("switchboard-" + name + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for " + name, e);
        }
    }

    Path write(String file, String text) {
        try {
            return Files.writeString(path.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + " into " + path, e);
        }
    }

    @Override
    public void close() {
        try (var files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException | UncheckedIOException _gone) {
            // Something else is still tidying up in there; a left-over in the temporary directory hurts nobody.
        }
    }
}
