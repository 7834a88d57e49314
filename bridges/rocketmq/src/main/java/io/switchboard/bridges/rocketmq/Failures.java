package io.switchboard.bridges.rocketmq;

import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
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

    /** Whether a broker has answered, or may yet: its connection need not have broken. */
    static boolean isSlowness(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RemotingTimeoutException
                    || cause instanceof RemotingTooMuchRequestException
                    || cause instanceof MQBrokerException) {
                return true;
            }
        }
        return false;
    }

    private static String line(Throwable failure) {
        String text = failure.getMessage();
        if (text == null || text.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        return text.lines().findFirst().orElse(text).replaceAll("\\s*(See|For more information).*https?:\\S+.*", "");
    }
}
