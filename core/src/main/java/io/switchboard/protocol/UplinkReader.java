package io.switchboard.protocol;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;

/** Reads requests by which clients of a {@link StreamEndpoint} say something. Endpoints may have one in common. */
public interface UplinkReader {
    /** Where they are sent, by POST: a path without variables. */
    String path();

    /** @param body BINARY if it was sent as {@code application/octet-stream}, else TEXT */
    Said read(Message body) throws MalformedException;

    /**
     * What a client said, for the session's {@link Endpoint#decode}.
     *
     * @param node as the client's {@link StreamEndpoint.Uplink} names it
     * @param key of that
     */
    record Said(String node, String key, Message message) {}
}
