/** The protocol of one path where every text goes to everybody, and its plain text between nodes. */
@NullMarked
package io.switchboard.protocols.message;

import org.jspecify.annotations.NullMarked;
