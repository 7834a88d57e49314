/** The hub alone, without sockets: what a delivery, a decoded command, an envelope cost. */
@NullMarked
package io.switchboard.bench.jmh;

import org.jspecify.annotations.NullMarked;
