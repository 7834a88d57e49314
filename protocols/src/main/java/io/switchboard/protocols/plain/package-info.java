/** What protocols have in common whose clients hear messages as they are. */
@NullMarked
package io.switchboard.protocols.plain;

import org.jspecify.annotations.NullMarked;
