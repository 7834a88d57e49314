package io.switchboard.hub;

import io.switchboard.backplane.Remote;

/**
 * What became of a publication.
 *
 * @param local sessions of this node it was handed to; 0 where a published format brings it back through the broker
 * @param remote what became of it on its way to other nodes
 */
public record Outcome(int local, Remote remote) {}
