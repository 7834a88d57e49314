package io.switchboard.backplane;

import java.lang.System.Logger;
import java.util.HashMap;
import java.util.Map;

/**
 * What a bridge has to say. Warnings cannot be multiplied by a flood of faults: each kind is told once per interval,
 * with how often it happened since. From any thread.
 */
public final class RareLog {
    public static final long INTERVAL_MILLIS = 10_000;

    private final Logger logger;
    private final Map<String, Kind> kinds = new HashMap<>();

    /** @param name under which it is logged */
    public RareLog(String name) {
        this.logger = System.getLogger(name);
    }

    private static final class Kind {
        long quietUntil = Long.MIN_VALUE;
        long passedOver;
    }

    /** @param kind one of a few fixed words */
    public synchronized void warn(String kind, String text, long now) {
        Kind state = kinds.computeIfAbsent(kind, k -> new Kind());
        if (now < state.quietUntil) {
            state.passedOver++;
            return;
        }
        logger.log(
                Logger.Level.WARNING,
                state.passedOver == 0 ? text : text + " (" + state.passedOver + " more since the last such line)");
        state.quietUntil = now + INTERVAL_MILLIS;
        state.passedOver = 0;
    }

    public void info(String text) {
        logger.log(Logger.Level.INFO, text);
    }

    public void bug(String text, Throwable thrown) {
        logger.log(Logger.Level.ERROR, text, thrown);
    }
}
