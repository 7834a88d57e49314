package io.switchboard.directory;

import java.time.Duration;

/**
 * How a node goes about logins.
 *
 * @param admitWhenDown whether users are let in while the directory is down, to be settled when it is back; else they
 *     are told to try again
 * @param lease how long a node's heartbeat may stand still before its claims do not count any more
 */
public record LoginRules(LoginPolicy policy, boolean admitWhenDown, Duration lease) {
    public static final Duration LEASE = Duration.ofSeconds(10);

    public static LoginRules of(LoginPolicy policy) {
        return new LoginRules(policy, true, LEASE);
    }
}
