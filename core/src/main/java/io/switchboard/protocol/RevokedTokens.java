package io.switchboard.protocol;

import java.time.Duration;
import java.util.List;

/** Remembers which tokens count no more though they are signed well. Safe from any thread. */
public interface RevokedTokens {
    /**
     * One token, or all of a user that were made before some moment.
     *
     * @param token its id; empty if the user's are meant
     * @param user whose; empty if one token is meant
     * @param beforeMillis wall clock; of a user's tokens those count no more that were made before
     */
    record Revocation(String token, String user, long beforeMillis) {}

    void add(Revocation revocation);

    /** How long it remembers. */
    Duration kept();

    /** What it remembers, the newest first, at most so many: for a node that has just started. */
    List<Revocation> newest(int max);
}
