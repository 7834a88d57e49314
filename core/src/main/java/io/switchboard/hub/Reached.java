package io.switchboard.hub;

/**
 * How far an instruction came.
 *
 * @param sessions that were told
 * @param nodes that answered
 * @param silent nodes that did not in time: whether they have sessions that are meant, and have told them, is not known
 */
public record Reached(int sessions, int nodes, int silent) {}
