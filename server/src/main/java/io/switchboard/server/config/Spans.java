package io.switchboard.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Spans of time on the command line, spelled as in the configuration. */
public final class Spans {
    private static final ValueType<Duration> TYPE = Types.duration(Duration.ofSeconds(1), Duration.ofDays(36_500));

    private Spans() {}

    /** Empty if the text is none, or not from one second to a hundred years. */
    public static Optional<Duration> read(String text) {
        try {
            return Optional.of(TYPE.parse(List.of(text)));
        } catch (BadValue e) {
            return Optional.empty();
        }
    }
}
