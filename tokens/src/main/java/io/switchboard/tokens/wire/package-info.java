/** As much of JSON objects and of HTTP as tokens and callbacks need, with a bound on everything. */
@NullMarked
package io.switchboard.tokens.wire;

import org.jspecify.annotations.NullMarked;
