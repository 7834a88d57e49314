package io.switchboard.checks.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The file of vectors: the committed one, or the one that the system property {@code switchboard.vectors} names. */
final class VectorFile {
    private VectorFile() {}

    /** All vectors of one of the published designs. */
    static List<Vector> of(String system) {
        var vectors =
                JsonReader.read(text()).list(system).stream().map(Vector::of).toList();
        if (vectors.isEmpty()) {
            throw new IllegalStateException("no vectors of " + system);
        }
        return vectors;
    }

    /** The same as they stand there. */
    static List<Json> raw(String system) {
        return JsonReader.read(text()).list(system);
    }

    private static String text() {
        var named = System.getProperty("switchboard.vectors", "");
        try {
            if (!named.isEmpty()) {
                return Files.readString(Path.of(named));
            }
            try (var stream = VectorFile.class.getResourceAsStream("/vectors.json")) {
                return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the vectors", e);
        }
    }
}
