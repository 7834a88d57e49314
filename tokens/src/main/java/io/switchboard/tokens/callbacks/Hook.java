package io.switchboard.tokens.callbacks;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Where the application answers one kind of question.
 *
 * @param within how long it may take
 * @param namespaces of the topics that it is asked about; empty for all
 */
public record Hook(URI url, Duration within, Set<String> namespaces) {
    public Hook {
        namespaces = Set.copyOf(namespaces);
    }

    boolean isFor(String namespace) {
        return namespaces.isEmpty() || namespaces.contains(namespace);
    }
}
