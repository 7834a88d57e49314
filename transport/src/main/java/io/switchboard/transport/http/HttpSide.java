package io.switchboard.transport.http;

import io.switchboard.hub.Limits;
import io.switchboard.metrics.Meters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What all connections of a server share while they speak HTTP. */
public final class HttpSide {
    private static final List<Integer> STATUSES = List.of(400, 403, 404, 405, 408, 409, 413, 426, 429, 431, 500, 503);

    final Limits limits;
    final HttpRoutes routes;
    final Upgrades upgrades;
    final Streams streams;
    final LongAdder accepted;
    final LongAdder requests;
    final LongAdder tlsFailures;
    final LongAdder open = new LongAdder();
    private final LongAdder otherRefusals;
    private final Map<Integer, LongAdder> refusals = new HashMap<>();

    public HttpSide(Limits limits, HttpRoutes routes, Upgrades upgrades, Streams streams, Meters meters) {
        this.limits = limits;
        this.routes = routes;
        this.upgrades = upgrades;
        this.streams = streams;
        accepted = meters.counter("switchboard.connections.accepted", "TCP connections accepted");
        requests = meters.counter("switchboard.http.requests", "HTTP requests that were no handshakes");
        meters.gauge("switchboard.connections.http", "Connections that are not, or not yet, sessions", open::sum);
        String name = "switchboard.handshakes.refused";
        String help = "Handshakes and malformed requests refused, by status";
        STATUSES.forEach(status -> refusals.put(status, meters.counter(name, help, "status", status.toString())));
        otherRefusals = meters.counter(name, help, "status", "other");
        tlsFailures = meters.counter(name, help, "status", "tls");
    }

    void countRefusal(int status) {
        refusals.getOrDefault(status, otherRefusals).increment();
    }
}
