package io.switchboard.bridges.rocketmq;

import org.jspecify.annotations.Nullable;

/** What is wrong, in one line. */
final class Failures {
    private Failures() {}

    /** The client's own words, without the address of its help pages. */
    static String explain(Throwable failure) {
        String text = failure.getMessage();
        @Nullable Throwable cause = failure.getCause();
        if (text == null || text.isBlank()) {
            return cause == null ? failure.getClass().getSimpleName() : explain(cause);
        }
        return text.lines().findFirst().orElse(text).replaceAll("\\s*See https?:\\S+.*", "");
    }
}
