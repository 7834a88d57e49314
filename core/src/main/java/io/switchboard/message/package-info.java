/** What travels: topics, messages, publications, and the native envelope that carries them between nodes. */
@NullMarked
package io.switchboard.message;

import org.jspecify.annotations.NullMarked;
