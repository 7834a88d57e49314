package io.switchboard.bridges.redis;

import java.lang.System.Logger;
import java.util.HashMap;
import java.util.Map;

/** Warnings that a flood of faults cannot multiply: each kind once per interval, with how often it happened since. */
final class RareLog {
    static final String PERMISSIONS = "; an ACL user needs +publish +spublish +subscribe +unsubscribe +ssubscribe"
            + " +sunsubscribe +hello, and the channels &<cluster>:* and those of the published format";
    static final long INTERVAL_MILLIS = 10_000;
    private static final Logger LOG = System.getLogger(RareLog.class.getPackageName());

    private final Map<String, Kind> kinds = new HashMap<>();

    private static final class Kind {
        long quietUntil = Long.MIN_VALUE;
        long passedOver;
    }

    /** @param kind one of a few fixed words */
    void warn(String kind, String text, long now) {
        Kind state = kinds.computeIfAbsent(kind, k -> new Kind());
        if (now < state.quietUntil) {
            state.passedOver++;
            return;
        }
        LOG.log(
                Logger.Level.WARNING,
                state.passedOver == 0 ? text : text + " (" + state.passedOver + " more since the last such line)");
        state.quietUntil = now + INTERVAL_MILLIS;
        state.passedOver = 0;
    }

    static void info(String text) {
        LOG.log(Logger.Level.INFO, text);
    }

    static void bug(String text, Throwable thrown) {
        LOG.log(Logger.Level.ERROR, text, thrown);
    }
}
