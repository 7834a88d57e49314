/** Keeps the last publications of topics with history. */
@NullMarked
package io.switchboard.log;

import org.jspecify.annotations.NullMarked;
