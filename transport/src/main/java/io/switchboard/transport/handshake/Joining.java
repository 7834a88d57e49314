package io.switchboard.transport.handshake;

import io.switchboard.hub.Arrival;
import io.switchboard.hub.Lane;
import io.switchboard.hub.Outlet;
import io.switchboard.hub.Session;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.transport.http.HttpConnection;
import io.switchboard.transport.websocket.Connection;

/** A connection between its request and the answer. The hub decides; nothing more is decoded meanwhile. */
final class Joining implements Arrival {
    private final HttpConnection http;
    private final Handshake handshake;
    private final EndpointTable.Found found;
    private final Request request;
    private final Opening<?> opening;
    private final Connection connection;
    private String user;

    Joining(
            HttpConnection http,
            Handshake handshake,
            EndpointTable.Found found,
            Request request,
            Opening<?> opening,
            Connection connection) {
        this.http = http;
        this.handshake = handshake;
        this.found = found;
        this.request = request;
        this.opening = opening;
        this.connection = connection;
        this.user = opening.user();
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Endpoint<?> endpoint() {
        return found.endpoint();
    }

    @Override
    public Opening<?> opening() {
        return opening;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public void identify(String known) {
        user = known;
    }

    @Override
    public Lane lane() {
        return found.lane();
    }

    @Override
    public Outlet outlet() {
        return connection;
    }

    @Override
    public boolean isGone() {
        return http.isGone();
    }

    @Override
    public void admitted(Session session) {
        var received = http.giveWay(connection);
        connection.start(session, handshake.answer(http.channel().alloc()), received);
    }

    @Override
    public void refused(Refusal refusal) {
        http.refuse(refusal);
    }
}
