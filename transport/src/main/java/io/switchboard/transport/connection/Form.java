package io.switchboard.transport.connection;

import io.netty.buffer.ByteBuf;

/** How a frame stands on the wire: what comes before its payload and after it. */
interface Form {
    /** How many bytes come before a payload of that length. */
    int headSize(boolean text, int length);

    /** Sets them; the writer's index stays. */
    void writeHead(boolean text, ByteBuf bytes, int at, int length);

    /** Writes what comes after the payload. */
    void writeTail(boolean text, ByteBuf bytes);

    /**
     * A last look at a payload, from there to the writer's index; it may be written anew.
     *
     * @return whether there is a frame at all
     */
    boolean settle(boolean text, ByteBuf bytes, int from);
}
