/** A lean WebSocket client: one selector thread, many connections, nothing allocated per frame. */
@NullMarked
package io.switchboard.bench.wire;

import org.jspecify.annotations.NullMarked;
