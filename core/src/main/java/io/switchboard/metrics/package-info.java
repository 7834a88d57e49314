/** The counters and gauges of a node, free of any metrics library. */
@NullMarked
package io.switchboard.metrics;

import org.jspecify.annotations.NullMarked;
