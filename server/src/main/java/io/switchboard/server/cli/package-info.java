/** The command {@code switchboard}: what a person types, and what the person reads. */
@NullMarked
package io.switchboard.server.cli;

import org.jspecify.annotations.NullMarked;
