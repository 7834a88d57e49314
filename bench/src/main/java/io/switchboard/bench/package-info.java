/** The load generator: runs a plan against servers and tells what they did. */
@NullMarked
package io.switchboard.bench;

import org.jspecify.annotations.NullMarked;
