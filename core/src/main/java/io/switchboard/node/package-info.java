/** One process of the cluster: admits sessions, runs their commands, publishes, drains. */
@NullMarked
package io.switchboard.node;

import org.jspecify.annotations.NullMarked;
