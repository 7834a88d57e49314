/** Carries publications between nodes; the contract, its memory form, and how publications are spelled. */
@NullMarked
package io.switchboard.backplane;

import org.jspecify.annotations.NullMarked;
