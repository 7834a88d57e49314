/** Counting and clocking: what was heard of what was sent, how late, and what it cost the processes. */
@NullMarked
package io.switchboard.bench.measure;

import org.jspecify.annotations.NullMarked;
