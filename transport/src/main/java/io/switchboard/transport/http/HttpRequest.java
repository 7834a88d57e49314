package io.switchboard.transport.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A request to a route.
 *
 * @param path decoded, without the query
 * @param query decoded parameters, the first of each name
 * @param headers by lower-case name, the first of each
 * @param body read-only, empty if there is none
 * @param remoteAddress of the peer, host only
 */
public record HttpRequest(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        ByteBuffer body,
        String remoteAddress) {

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
