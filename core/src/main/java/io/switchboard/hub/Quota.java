package io.switchboard.hub;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the sessions of each remote address, or of each user, where that is limited. From any thread. */
final class Quota {
    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();
    private final int max;

    Quota(int max) {
        this.max = max;
    }

    /** Counts one in, unless there are as many as may be. */
    boolean enter(String key) {
        if (max == 0) {
            return true;
        }
        if (counts.merge(key, 1, Integer::sum) <= max) {
            return true;
        }
        exit(key);
        return false;
    }

    void exit(String key) {
        if (max > 0) {
            counts.computeIfPresent(key, (same, present) -> present == 1 ? null : present - 1);
        }
    }
}
