/**
 * A client that has been let in, over a WebSocket or over an HTTP answer that goes on: what it says goes to the hub;
 * shared frames go out, within a limit.
 */
@NullMarked
package io.switchboard.transport.connection;

import org.jspecify.annotations.NullMarked;
