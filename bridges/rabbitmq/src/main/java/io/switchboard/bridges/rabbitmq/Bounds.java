package io.switchboard.bridges.rabbitmq;

/** How much of what may be where. */
final class Bounds {
    /** Of one publication. */
    static final int PAYLOAD_BYTES = 16 << 20;
    /** What the broker keeps for a node that does not take it; the oldest goes first. */
    static final int QUEUE_BYTES = 64 << 20;
    /** How long the broker keeps it. */
    static final int QUEUE_MILLIS = 10_000;
    /** What a node may have received and not yet acknowledged; far less than a receiver's memory of sequences. */
    static final int PREFETCH = 512;
    /** Publications that await the broker's confirmation. */
    static final int WINDOW_COUNT = 1 << 14;

    static final long WINDOW_BYTES = 32L << 20;
    /** How long a confirmation may take. */
    static final int CONFIRM_MILLIS = 5_000;
    /** What is written at once. */
    static final int BATCH_BYTES = 256 << 10;
    /** Keys that a node binds one by one; with more, everything comes to it, and it picks. */
    static final int BINDINGS = 4_096;

    private Bounds() {}
}
