/** The application behind HTTP: asked what clients may do, told what they did. */
@NullMarked
package io.switchboard.tokens.callbacks;

import org.jspecify.annotations.NullMarked;
