/** Listeners that are cut off again and again, and come back with recovery. */
@NullMarked
package io.switchboard.checks.drops;

import org.jspecify.annotations.NullMarked;
