/** The chat protocol of 2022 (one-to-one, group, everyone) and its JSON between nodes. */
@NullMarked
package io.switchboard.protocols.chat;

import org.jspecify.annotations.NullMarked;
