/** Tells load balancers and other nodes which nodes are up. */
@NullMarked
package io.switchboard.discovery;

import org.jspecify.annotations.NullMarked;
