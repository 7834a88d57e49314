package io.switchboard.transport.handshake;

import io.switchboard.hub.Framing;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.transport.connection.Connections;
import io.switchboard.transport.connection.WebSocketConnection;
import io.switchboard.transport.http.HttpConnection;
import io.switchboard.transport.http.RequestHead;
import io.switchboard.transport.http.Upgrades;
import java.util.List;
import java.util.Optional;

/** Brings requests for a WebSocket before the hub, if they are well-formed and permitted. */
public final class Handshakes implements Upgrades {
    private final Hub hub;
    private final EndpointTable<Endpoint<?>> endpoints;
    private final Origins origins;
    private final Connections connections;

    /** @throws IllegalArgumentException if two endpoints claim the same paths */
    public Handshakes(Hub hub, List<Endpoint<?>> endpoints, Framing framing, Origins origins, Connections connections) {
        this.hub = hub;
        var lanes = new Lanes(framing);
        this.endpoints = new EndpointTable<>(endpoints, endpoint -> lanes);
        this.origins = origins;
        this.connections = connections;
    }

    @Override
    public boolean take(RequestHead head, HttpConnection http) {
        try {
            Optional<EndpointTable.Found<Endpoint<?>>> found = endpoints.find(head.path(), head.query());
            if (found.isEmpty()) {
                return false;
            }
            join(found.get(), head, http);
        } catch (Refusal.Thrown e) {
            http.refuse(e.refusal());
        }
        return true;
    }

    private void join(EndpointTable.Found<Endpoint<?>> found, RequestHead head, HttpConnection http)
            throws Refusal.Thrown {
        Handshake handshake = check(found.endpoint(), head);
        origins.check(head.header("origin"));
        Request request = found.request(head, http);
        Opening<?> opening = EndpointTable.guarded(() -> found.endpoint().open(request));
        var connection = new WebSocketConnection(
                connections, http.loop(), http.channel(), found.endpoint().keepsAlive(request));
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

    @Override
    public Optional<Refusal> plainAnswer(RequestHead head) throws Refusal.Thrown {
        return endpoints
                .find(head.path(), head.query())
                .map(found -> found.endpoint().plainAnswer());
    }
}
