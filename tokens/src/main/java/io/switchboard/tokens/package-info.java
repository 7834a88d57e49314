/** Which tokens are true: keys, claims, what has been revoked. */
@NullMarked
package io.switchboard.tokens;

import org.jspecify.annotations.NullMarked;
