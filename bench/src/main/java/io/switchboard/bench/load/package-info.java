/** The load itself: who connects, who sends when, who hears what, phase after phase. */
@NullMarked
package io.switchboard.bench.load;

import org.jspecify.annotations.NullMarked;
