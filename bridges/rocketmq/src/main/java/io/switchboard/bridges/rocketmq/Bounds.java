package io.switchboard.bridges.rocketmq;

/** How much of what may be where. */
final class Bounds {
    /** Of one publication; a broker takes 4 MiB by default. */
    static final int PAYLOAD_BYTES = (4 << 20) - (64 << 10);
    /** What is sent at once. */
    static final int BATCH_BYTES = 512 << 10;
    /** How long one sending may take. */
    static final int SEND_MILLIS = 3_000;
    /** Queues of a topic that this bridge makes. */
    static final int QUEUES = 4;
    /** Queues of one topic that a node can listen to: the client has a thread for each. */
    static final int QUEUES_MAX = 128;
    /** Places on the broker that a published format may have. */
    static final int DESTINATIONS_MAX = 8;
    /** What a broker gives at once; by its own default it gives 32. */
    static final int PULL_COUNT = 256;
    /** Messages that wait in a node, of one queue. */
    static final int CACHED_COUNT = 4_096;

    static final int CACHED_MIB = 64;
    /** Who is cut off for longer begins anew at the end: nobody is told what is older than this. */
    static final int BRIDGED_MILLIS = 8_000;
    /** How long the publisher waits to learn the places of a batch. */
    static final int PLACES_MILLIS = 500;

    private Bounds() {}
}
