package io.switchboard.checks.components;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that these checks belong to, wherever they were started from. */
public final class Repository {
    private Repository() {}

    /** The directory that holds {@code core} and {@code checks}. */
    public static Path root() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("core")) && Files.isDirectory(at.resolve("checks"))) {
                return at;
            }
        }
        throw new IllegalStateException("start the checks inside a checkout: no core and checks above "
                + Path.of("").toAbsolutePath());
    }

    public static Path file(String relative) {
        return root().resolve(relative);
    }
}
