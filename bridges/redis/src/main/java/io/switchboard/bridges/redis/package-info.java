/**
 * Links nodes through Redis publish/subscribe and keeps their claims there, by lean connections of our own on one of
 * the node's event loops.
 */
@NullMarked
package io.switchboard.bridges.redis;

import org.jspecify.annotations.NullMarked;
