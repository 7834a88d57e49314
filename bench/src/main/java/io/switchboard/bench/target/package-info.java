/** How connections and messages are spelled for a server: built-in protocols and templates. */
@NullMarked
package io.switchboard.bench.target;

import org.jspecify.annotations.NullMarked;
