/** A connection after its handshake: frames in, messages to the hub; shared frames out, within a limit. */
@NullMarked
package io.switchboard.transport.websocket;

import org.jspecify.annotations.NullMarked;
