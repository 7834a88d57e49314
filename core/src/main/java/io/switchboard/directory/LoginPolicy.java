package io.switchboard.directory;

/** How many sessions a user may have, and who yields. */
public record LoginPolicy(Scope scope, Strategy strategy) {
    public static final LoginPolicy MANY = new LoginPolicy(Scope.MANY, Strategy.NEWEST);

    /** Among which sessions of a user there is one. */
    public enum Scope {
        MANY,
        USER,
        DEVICE
    }

    /** Which one stays. */
    public enum Strategy {
        NEWEST,
        OLDEST
    }

    /** Whether the two cannot both stay. */
    public boolean conflict(Claim one, Claim other) {
        return switch (scope) {
            case MANY -> false;
            case USER -> true;
            case DEVICE -> one.device().equals(other.device());
        };
    }

    /**
     * Whether of two that cannot both stay it is the one that is held, not the one that asks. With equal epochs, which
     * two nodes may give while the store is down, the ids decide.
     */
    public boolean prefers(Claim held, Claim asking) {
        if (asking.epoch() == 0) {
            return strategy == Strategy.OLDEST;
        }
        int order = held.epoch() == asking.epoch()
                ? held.session().compareTo(asking.session())
                : Long.compare(held.epoch(), asking.epoch());
        return strategy == Strategy.NEWEST ? order > 0 : order < 0;
    }
}
