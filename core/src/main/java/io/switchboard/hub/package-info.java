/** Who is connected to this node and what they listen to; fans a publication out to them. */
@NullMarked
package io.switchboard.hub;

import org.jspecify.annotations.NullMarked;
