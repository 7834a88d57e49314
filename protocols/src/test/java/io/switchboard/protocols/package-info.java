/** What the tests of all protocols share. */
@NullMarked
package io.switchboard.protocols;

import org.jspecify.annotations.NullMarked;
