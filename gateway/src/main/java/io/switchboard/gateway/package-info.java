/** A Spring Cloud Gateway before the nodes: published route, room for large frames, a balancer that knows the nodes. */
@NullMarked
package io.switchboard.gateway;

import org.jspecify.annotations.NullMarked;
