/**
 * The way from an HTTP request to a WebSocket or a stream: which endpoint, whether it is well-formed and permitted, the
 * answer.
 */
@NullMarked
package io.switchboard.transport.handshake;

import org.jspecify.annotations.NullMarked;
