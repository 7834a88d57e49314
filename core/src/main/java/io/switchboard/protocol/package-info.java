/** How one kind of client spells commands and events; stateless, and free of sockets. */
@NullMarked
package io.switchboard.protocol;

import org.jspecify.annotations.NullMarked;
