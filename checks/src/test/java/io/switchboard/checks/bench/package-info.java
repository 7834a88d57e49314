/** The load generator against real nodes, and against a server that loses messages. */
@NullMarked
package io.switchboard.checks.bench;

import org.jspecify.annotations.NullMarked;
