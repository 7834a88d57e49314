package io.switchboard.bridges.redis;

import io.netty.buffer.ByteBuf;

/** What {@link RespParser} found. */
interface RespHandler {
    /** A whole number, as the reply to PUBLISH. */
    void number(long value);

    /** A message of a subscription, as places in the buffer that are valid during the call. */
    void message(ByteBuf in, int channel, int channelLength, int payload, int payloadLength);

    /** A message too long to be kept in memory: its bytes are skipped. */
    void oversized(long payloadLength);

    /** Anything else. */
    void other(RespValue value);
}
