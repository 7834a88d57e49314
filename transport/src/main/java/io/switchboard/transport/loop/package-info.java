/** Event loops of Netty as the hub's loops, how connections read on them, their coarse timers, the end of a turn. */
@NullMarked
package io.switchboard.transport.loop;

import org.jspecify.annotations.NullMarked;
