/** Discovery by Nacos: the node's WebSocket port as a service of its own, over Nacos' open HTTP API. */
@NullMarked
package io.switchboard.bridges.nacos;

import org.jspecify.annotations.NullMarked;
