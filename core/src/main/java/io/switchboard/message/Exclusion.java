package io.switchboard.message;

/** Whom of the listeners a publication passes over. */
public enum Exclusion {
    NONE,
    /** Every session of the sender's user, on all nodes. */
    USER,
    /** The sender's own session. */
    SESSION;

    private static final Exclusion[] ALL = values();

    static Exclusion of(int ordinal) {
        return ALL[ordinal];
    }

    static int count() {
        return ALL.length;
    }
}
