/** Rules about the code itself: which room may know which, and how long a method may be. */
@NullMarked
package io.switchboard.checks.shape;

import org.jspecify.annotations.NullMarked;
