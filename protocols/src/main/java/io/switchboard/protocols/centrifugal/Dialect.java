package io.switchboard.protocols.centrifugal;

/**
 * How one kind of client is spoken to.
 *
 * @param json else Protobuf
 * @param unidirectional whether it says nothing after its first word, and hears pushes alone
 * @param saysGoodbye whether a push says that the connection ends, for there is no close frame
 */
record Dialect(boolean json, boolean unidirectional, boolean saysGoodbye) {}
