/** WebSocket clients that may break every rule, one at a time or in thousands, and the patience to wait for answers. */
@NullMarked
package io.switchboard.checks.client;

import org.jspecify.annotations.NullMarked;
