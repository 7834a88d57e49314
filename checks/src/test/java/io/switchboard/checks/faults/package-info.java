/** What goes wrong in the world, and in the published programs, done to two nodes on a real Redis. */
@NullMarked
package io.switchboard.checks.faults;

import org.jspecify.annotations.NullMarked;
