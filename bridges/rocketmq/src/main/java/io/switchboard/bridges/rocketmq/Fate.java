package io.switchboard.bridges.rocketmq;

/** What came of one sending. */
enum Fate {
    ACCEPTED,
    REFUSED,
    UNKNOWN,
    /** Certainly not sent, and worth another try when the link is back. */
    UNWRITTEN,
    /** Certainly not taken, by a broker that has too much to do just now. */
    BUSY
}
