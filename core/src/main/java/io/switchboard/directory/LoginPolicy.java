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
    boolean conflict(Claim one, Claim other) {
        return switch (scope) {
            case MANY -> false;
            case USER -> true;
            case DEVICE -> one.device().equals(other.device());
        };
    }
}
