/** Reads and writes the small JSON documents of the protocols, straight from and to bytes. */
@NullMarked
package io.switchboard.protocols.json;

import org.jspecify.annotations.NullMarked;
