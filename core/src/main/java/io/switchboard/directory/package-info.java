/** Who is connected where: fenced claims of sessions, and who listens to what. */
@NullMarked
package io.switchboard.directory;

import org.jspecify.annotations.NullMarked;
