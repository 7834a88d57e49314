package io.switchboard.bench.jmh;

import io.switchboard.hub.Arrival;
import io.switchboard.hub.FrameBatch;
import io.switchboard.hub.Lane;
import io.switchboard.hub.Outlet;
import io.switchboard.hub.Session;
import io.switchboard.protocol.CloseReason;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import org.jspecify.annotations.Nullable;

/** A connection that only counts the bytes it is offered. */
final class CountingClient implements Arrival, Outlet {
    long bytes;
    private final Endpoint<?> endpoint;
    private final Lane lane;
    private final Request request;
    private final Opening<?> opening;
    private String user;
    private @Nullable Session session;

    CountingClient(Endpoint<?> endpoint, Lane lane, Request request) {
        this.endpoint = endpoint;
        this.lane = lane;
        this.request = request;
        try {
            opening = endpoint.open(request);
        } catch (Refusal.Thrown e) {
            throw new IllegalArgumentException(e);
        }
        user = opening.user();
    }

    Session session() {
        var admitted = session;
        if (admitted == null) {
            throw new IllegalStateException("not admitted");
        }
        return admitted;
    }

    @Override
    public Offer offer(FrameBatch batch, int from, int to) {
        bytes += to - from;
        return Offer.QUEUED;
    }

    @Override
    public void close(CloseReason reason) {
        throw new IllegalStateException("closed: " + reason);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

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
    public void identify(String identity) {
        user = identity;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public Outlet outlet() {
        return this;
    }

    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public void admitted(Session admitted) {
        session = admitted;
    }

    @Override
    public void refused(Refusal refusal) {
        throw new IllegalStateException("refused: " + refusal);
    }
}
