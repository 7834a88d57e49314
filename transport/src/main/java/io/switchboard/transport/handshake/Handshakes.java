package io.switchboard.transport.handshake;

import io.switchboard.hub.Framing;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.transport.http.HttpConnection;
import io.switchboard.transport.http.Percent;
import io.switchboard.transport.http.RequestHead;
import io.switchboard.transport.http.Upgrades;
import io.switchboard.transport.websocket.Connection;
import io.switchboard.transport.websocket.WebSockets;
import java.util.List;
import java.util.Optional;

/** Brings requests for a WebSocket before the hub, if they are well-formed and permitted. */
public final class Handshakes implements Upgrades {
    private final Hub hub;
    private final EndpointTable endpoints;
    private final Origins origins;
    private final WebSockets webSockets;

    /** @throws IllegalArgumentException if two endpoints claim the same paths */
    public Handshakes(Hub hub, List<Endpoint<?>> endpoints, Framing framing, Origins origins, WebSockets webSockets) {
        this.hub = hub;
        this.endpoints = new EndpointTable(endpoints, new Lanes(framing));
        this.origins = origins;
        this.webSockets = webSockets;
    }

    @Override
    public boolean take(RequestHead head, HttpConnection http) {
        try {
            Optional<EndpointTable.Found> found = endpoints.find(head.path(), head.query());
            if (found.isEmpty()) {
                return false;
            }
            join(found.get(), head, http);
        } catch (Refusal.Thrown e) {
            http.refuse(e.refusal());
        }
        return true;
    }

    private void join(EndpointTable.Found found, RequestHead head, HttpConnection http) throws Refusal.Thrown {
        Handshake handshake = check(found.endpoint(), head);
        origins.check(head.header("origin"));
        if (!found.emptyVariable().isEmpty()) {
            throw new Refusal.Thrown(Refusal.of(
                    400,
                    "{" + found.emptyVariable() + "} is empty in the path "
                            + found.endpoint().path()));
        }
        var request = new Request(
                head.path(), found.variables(), Percent.query(head.query()), head.headers(), http.remoteAddress());
        Opening<?> opening = open(found.endpoint(), request);
        var connection = new Connection(
                webSockets, http.loop(), http.channel(), found.endpoint().keepsAlive(request));
        hub.connect(http.loop().index(), new Joining(http, found, request, opening, connection, session -> {
            var agreed = session.endpoint().subProtocol(handshake.offered());
            var received = http.giveWay(connection);
            connection.start(session, handshake.answer(http.channel().alloc(), agreed), received);
        }));
    }

    private static Handshake check(Endpoint<?> endpoint, RequestHead head) throws Refusal.Thrown {
        try {
            return Handshake.check(head);
        } catch (Refusal.Thrown e) {
            throw new Refusal.Thrown(endpoint.malformedAnswer(e.refusal()));
        }
    }

    private static Opening<?> open(Endpoint<?> endpoint, Request request) throws Refusal.Thrown {
        try {
            return endpoint.open(request);
        } catch (IllegalArgumentException e) {
            // A name in the request that is none; the text does not repeat it.
            throw new Refusal.Thrown(Refusal.of(400, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Optional<Refusal> plainAnswer(RequestHead head) throws Refusal.Thrown {
        return endpoints
                .find(head.path(), head.query())
                .map(found -> found.endpoint().plainAnswer());
    }
}
