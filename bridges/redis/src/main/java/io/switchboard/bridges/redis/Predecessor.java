package io.switchboard.bridges.redis;

/** A publishing connection given up while it had unanswered commands, as the server knows it. */
record Predecessor(long id, String address) {}
