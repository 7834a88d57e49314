/** The server API, as backends use it: over HTTP, on one node and on several. */
@NullMarked
package io.switchboard.checks.api;

import org.jspecify.annotations.NullMarked;
