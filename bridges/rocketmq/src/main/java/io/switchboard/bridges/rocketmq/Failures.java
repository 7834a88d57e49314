package io.switchboard.bridges.rocketmq;

import org.jspecify.annotations.Nullable;

/** What is wrong, in one line. */
final class Failures {
    private Failures() {}

    /** The client's own words and those of the cause, without the address of its help pages. */
    static String explain(Throwable failure) {
        String text = line(failure);
        @Nullable Throwable cause = failure.getCause();
        if (cause == null || cause.equals(failure)) {
            return text;
        }
        String why = explain(cause);
        return text.contains(why) ? text : text + ": " + why;
    }

    private static String line(Throwable failure) {
        String text = failure.getMessage();
        if (text == null || text.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return text.lines().findFirst().orElse(text).replaceAll("\\s*(See|For more information).*https?:\\S+.*", "");
    }
}
