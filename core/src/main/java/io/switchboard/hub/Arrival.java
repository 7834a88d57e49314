package io.switchboard.hub;

import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;

/** A connection that asks to become a session. Its methods are called on its own event loop. */
public interface Arrival {
    Request request();

    Endpoint<?> endpoint();

    Opening<?> opening();

    /** The identity, as far as it is known: the opening's user, later the authenticator's. */
    String user();

    void identify(String user);

    Lane lane();

    Outlet outlet();

    /** The connection is gone; nobody needs an answer. */
    boolean isGone();

    /** It is in: write the handshake's answer now, before anything is offered to the outlet. */
    void admitted(Session session);

    void refused(Refusal refusal);
}
