/** The demo page as its visitors use it: in a browser. */
@NullMarked
package io.switchboard.checks.demo;

import org.jspecify.annotations.NullMarked;
