/** Event loops: threads that each own a part of the hub and run its tasks one after another. */
@NullMarked
package io.switchboard.loop;

import org.jspecify.annotations.NullMarked;
