package io.switchboard.checks.client;

/** Who of a crowd says what. */
public record Line(int member, String text) {}
