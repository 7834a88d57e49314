package io.switchboard.transport.http;

import io.switchboard.protocol.Refusal;
import java.util.Optional;

/** What becomes of requests on the paths of WebSocket endpoints. */
public interface Upgrades {
    /**
     * Takes a request for a WebSocket and answers it, now or later, by {@link HttpConnection#giveWay} or
     * {@link HttpConnection#refuse}. False, and no answer, if there is no endpoint at its path.
     */
    boolean take(RequestHead head, HttpConnection connection);

    /** The answer to a request on an endpoint's path that does not ask for a WebSocket. */
    Optional<Refusal> plainAnswer(RequestHead head) throws Refusal.Thrown;
}
