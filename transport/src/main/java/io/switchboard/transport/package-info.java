/** Opens a node to the world: WebSocket and HTTP on one port. */
@NullMarked
package io.switchboard.transport;

import org.jspecify.annotations.NullMarked;
