package io.switchboard.message;

/** Where a publication stands in its topic's log: an offset that counts from 1, valid within one epoch of the log. */
public record Position(long offset, String epoch) {}
