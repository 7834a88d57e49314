/** The inbox protocol: one-to-one and group messages of numbered users, member lists, and its bodies between nodes. */
@NullMarked
package io.switchboard.protocols.inbox;

import org.jspecify.annotations.NullMarked;
