/** The protocols of three published designs on two nodes of this process, and the faults that these do not have. */
@NullMarked
package io.switchboard.checks.published;

import org.jspecify.annotations.NullMarked;
