/** Plays the recorded conversations of {@code vectors.json} against two nodes and compares every byte. */
@NullMarked
package io.switchboard.checks.vectors;

import org.jspecify.annotations.NullMarked;
