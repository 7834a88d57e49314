/** Who is connected where: fenced claims of sessions, who listens to what, and who belongs to which group. */
@NullMarked
package io.switchboard.directory;

import org.jspecify.annotations.NullMarked;
