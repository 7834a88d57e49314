package io.switchboard.message;

/** Whom of the listeners a publication passes over. */
public enum Exclusion {
    NONE(0),
    /** Every session of the sender's user, on all nodes. */
    USER(1),
    /** The sender's own session. */
    SESSION(2);

    private static final Exclusion[] ALL = values();

    /** How it is written in an envelope. */
    final int code;

    Exclusion(int code) {
        this.code = code;
    }

    static Exclusion of(int code) {
        return ALL[code];
    }

    static int count() {
        return ALL.length;
    }
}
