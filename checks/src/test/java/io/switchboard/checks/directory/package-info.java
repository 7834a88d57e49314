/** What every directory must do, proven on the one in memory and on a real store, and what nodes make of it. */
@NullMarked
package io.switchboard.checks.directory;

import org.jspecify.annotations.NullMarked;
