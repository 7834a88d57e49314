/** A node with a port: the wiring of all parts, and the demo of two. */
@NullMarked
package io.switchboard.server;

import org.jspecify.annotations.NullMarked;
