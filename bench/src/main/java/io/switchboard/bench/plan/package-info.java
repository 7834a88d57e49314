/** What is to be measured: scenario, pace, sizes, times; checked before anything is connected. */
@NullMarked
package io.switchboard.bench.plan;

import org.jspecify.annotations.NullMarked;
