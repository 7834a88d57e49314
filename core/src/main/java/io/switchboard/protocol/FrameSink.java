package io.switchboard.protocol;

import io.switchboard.message.Sink;

/** A sink that puts what is written between {@link #begin} and {@link #end} into one frame of the transport. */
public interface FrameSink extends Sink {
    /** @param lengthHint about how many bytes will follow; a wrong guess costs time, never correctness */
    void begin(boolean text, int lengthHint);

    void end();
}
