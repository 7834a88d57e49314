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
import java.util.function.Consumer;

/** A connection between its request and the answer. The hub decides; nothing more is decoded meanwhile. */
final class Joining implements Arrival {
    private final HttpConnection http;
    private final Endpoint<?> endpoint;
    private final Lane lane;
    private final Request request;
    private final Opening<?> opening;
    private final Outlet outlet;
    private final Consumer<Session> entry;
    private String user;

    /** @param entry what is done once the hub has taken it in, before anything is offered to the outlet */
    Joining(
            HttpConnection http,
            EndpointTable.Found<? extends Endpoint<?>> found,
            Request request,
            Opening<?> opening,
            Outlet outlet,
            Consumer<Session> entry) {
        this.http = http;
        this.endpoint = found.endpoint();
        this.lane = found.lane(request);
        this.request = request;
        this.opening = opening;
        this.outlet = outlet;
        this.entry = entry;
        this.user = opening.user();
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Endpoint<?> endpoint() {
        return endpoint;
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
        return lane;
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public boolean isGone() {
        return http.isGone();
    }

    @Override
    public void admitted(Session session) {
        entry.accept(session);
    }

    @Override
    public void refused(Refusal refusal) {
        http.refuse(refusal);
    }
}
