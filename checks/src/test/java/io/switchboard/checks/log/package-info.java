/** The contract of logs, on each that there is. */
@NullMarked
package io.switchboard.checks.log;

import org.jspecify.annotations.NullMarked;
