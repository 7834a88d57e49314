/** The shell scripts at the root of the project, run for real against JDKs and reports that are made up. */
@NullMarked
package io.switchboard.server.scripts;

import org.jspecify.annotations.NullMarked;
