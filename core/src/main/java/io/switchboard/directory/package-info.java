/** Who is connected where: fenced claims of sessions. */
@NullMarked
package io.switchboard.directory;

import org.jspecify.annotations.NullMarked;
