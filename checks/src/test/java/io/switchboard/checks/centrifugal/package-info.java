/** The Centrifugal protocol, with the kits that its users have. */
@NullMarked
package io.switchboard.checks.centrifugal;

import org.jspecify.annotations.NullMarked;
