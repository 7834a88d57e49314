package io.switchboard.backplane;

/** What became of a publication on its way to other nodes. */
public enum Remote {
    /** The broker has it. */
    ACCEPTED,
    /** Certainly not sent. */
    REFUSED,
    /** Sent, but not confirmed in time: it may or may not have arrived. */
    UNKNOWN
}
