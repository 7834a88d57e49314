/** Event loops of Netty as the hub's loops, their coarse timers, and what is done at the end of a turn. */
@NullMarked
package io.switchboard.transport.loop;

import org.jspecify.annotations.NullMarked;
