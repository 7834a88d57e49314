/** The sign protocol: connections named by a parameter, identities, typed messages, its JSON between nodes. */
@NullMarked
package io.switchboard.protocols.sign;

import org.jspecify.annotations.NullMarked;
