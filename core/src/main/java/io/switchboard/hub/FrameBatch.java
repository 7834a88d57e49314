package io.switchboard.hub;

import io.switchboard.protocol.FrameSink;

/** Encoded frames, one after another in a shared, counted buffer of the transport. Used on one event loop. */
public interface FrameBatch extends FrameSink {
    /** Bytes of finished frames so far; slices given to outlets lie between two such values. */
    int size();

    /** Copies the finished frames of another batch of the same framing to the end of this one. */
    void append(FrameBatch other);

    /** Gives up our own hold; outlets that still send from the batch keep it alive. */
    void release();
}
