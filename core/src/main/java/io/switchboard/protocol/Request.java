package io.switchboard.protocol;

import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request that asks for a WebSocket, or for a stream.
 *
 * @param path percent-encoded, as sent, without the query
 * @param variables the decoded values of the endpoint's path template
 * @param query decoded parameters, the first of each name
 * @param headers by lower-case name, the first of each
 * @param remoteAddress of the peer, host only
 */
public record Request(
        String path,
        Map<String, String> variables,
        Map<String, String> query,
        Map<String, String> headers,
        String remoteAddress) {

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** The decoded value of a template's variable. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path template has no {" + name + "}");
        }
        return value;
    }
}
