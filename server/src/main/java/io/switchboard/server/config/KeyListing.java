package io.switchboard.server.config;

import java.util.stream.Collectors;

/** The table of keys for people: on a terminal, and in the documentation. */
public final class KeyListing {
    private KeyListing() {}

    /** One block per key: name and default, what it takes, what it is for. */
    public static String text() {
        return Keys.all().stream()
                .map(key -> key.name() + "  (default " + shown(key) + ")\n    " + key.doc() + "\n    Takes "
                        + key.type().expected() + ". " + key.variable() + "\n")
                .collect(Collectors.joining("\n"));
    }

    /** A table for the documentation. */
    public static String markdown() {
        return "| key | takes | default | |\n|---|---|---|---|\n"
                + Keys.all().stream()
                        .map(key ->
                                "| `" + key.name() + "` | " + cell(key.type().expected()) + " | `" + cell(shown(key))
                                        + "` | " + cell(key.doc()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String shown(Key<?> key) {
        return key.fallback();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
