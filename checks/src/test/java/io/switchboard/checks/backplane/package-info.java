/** What every backplane must do, proven on the one in memory and on those of real brokers, with faults. */
@NullMarked
package io.switchboard.checks.backplane;

import org.jspecify.annotations.NullMarked;
