package io.switchboard.transport.handshake;

import io.netty.buffer.ByteBufAllocator;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Limits;
import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import io.switchboard.protocol.Opening;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.transport.connection.Connections;
import io.switchboard.transport.connection.StreamConnection;
import io.switchboard.transport.connection.StreamFraming;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpConnection;
import io.switchboard.transport.http.HttpWriter;
import io.switchboard.transport.http.RequestHead;
import io.switchboard.transport.http.Streams;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings requests for a stream before the hub, if they are well-formed and permitted. */
public final class StreamRequests implements Streams {
    /** Proxies must neither keep the answer, nor gather it up, nor change it. */
    private static final Map<String, String> HEADERS = Map.of(
            "Cache-Control", "private, no-cache, no-store, no-transform, must-revalidate, max-age=0",
            "X-Accel-Buffering", "no");

    private final Hub hub;
    private final Limits limits;
    private final EndpointTable<StreamEndpoint<?>> endpoints;
    private final Origins origins;
    private final Connections connections;

    /** @throws IllegalArgumentException if two endpoints claim the same paths */
    public StreamRequests(
            Hub hub, Limits limits, List<StreamEndpoint<?>> endpoints, Origins origins, Connections connections) {
        this.hub = hub;
        this.limits = limits;
        var lines = new Lanes(new StreamFraming(StreamEndpoint.Form.LINES, ByteBufAllocator.DEFAULT));
        var events = new Lanes(new StreamFraming(StreamEndpoint.Form.EVENTS, ByteBufAllocator.DEFAULT));
        this.endpoints = new EndpointTable<>(endpoints, endpoint -> switch (endpoint.form()) {
            case LINES -> lines;
            case EVENTS -> events;
        });
        this.origins = origins;
        this.connections = connections;
    }

    @Override
    public Optional<Judged> judge(RequestHead head) throws Refusal.Thrown {
        Optional<EndpointTable.Found<StreamEndpoint<?>>> found = endpoints.find(head.path(), head.query());
        return found.isEmpty() ? Optional.empty() : Optional.of(judge(found.get(), head));
    }

    private Judged judge(EndpointTable.Found<StreamEndpoint<?>> found, RequestHead head) throws Refusal.Thrown {
        StreamEndpoint<?> endpoint = found.endpoint();
        origins.check(head.header("origin"));
        Map<String, String> crossOrigin = CrossOrigin.headers(head.header("origin"));
        if (head.method().equals("OPTIONS")) {
            return new Answered(CrossOrigin.preflight(crossOrigin, head.headers(), endpoint.methods()));
        } else if (!endpoint.methods().contains(head.method())) {
            String allowed = CrossOrigin.allowed(endpoint.methods());
            return new Answered(HttpAnswer.text(405, "allowed here: " + allowed)
                    .with(crossOrigin)
                    .with("Allow", allowed));
        } else if (!head.persistent()) {
            throw new Refusal.Thrown(Refusal.of(
                    400, "a stream needs HTTP/1.1; a proxy before this server may need proxy_http_version 1.1"));
        }
        return new Expected(
                Math.min(limits.messageBytes(), limits.bodyBytes()),
                crossOrigin,
                (body, http) -> take(new Asked(found, head, crossOrigin), body, http));
    }

    private record Asked(
            EndpointTable.Found<StreamEndpoint<?>> found, RequestHead head, Map<String, String> crossOrigin) {}

    private void take(Asked asked, ByteBuffer body, HttpConnection http) throws Refusal.Thrown {
        StreamEndpoint<?> endpoint = asked.found.endpoint();
        Request request = asked.found.request(asked.head, http);
        Message first = endpoint.first(request, message(asked.head.headers(), body));
        var connection = new StreamConnection(connections, http.loop(), http.channel());
        Opening<?> opening = EndpointTable.guarded(() -> endpoint.open(request, connection::uplink));
        HttpAnswer answer = beginning(endpoint, request).with(asked.crossOrigin);
        hub.connect(http.loop().index(), new Joining(http, asked.found, request, opening, connection, session -> {
            var received = http.giveWay(connection);
            if (received != null) {
                received.release();
            }
            connection.start(session, HttpWriter.begin(http.channel().alloc(), answer), first);
        }));
    }

    private static HttpAnswer beginning(StreamEndpoint<?> endpoint, Request request) {
        String type = endpoint.contentType(request);
        return switch (endpoint.form()) {
            case LINES -> HttpAnswer.of(200, type, "").with(HEADERS);
            // An empty line begins no event, and makes proxies and browsers see the answer at once.
            case EVENTS -> HttpAnswer.of(200, type, "\r\n").with(HEADERS);
        };
    }

    /** The body of a request as it was declared. */
    static Message message(Map<String, String> headers, ByteBuffer body) throws Refusal.Thrown {
        boolean binary = headers.getOrDefault("content-type", "").strip().startsWith("application/octet-stream");
        try {
            return Message.checked(binary ? Message.Kind.BINARY : Message.Kind.TEXT, body);
        } catch (MalformedException e) {
            throw new Refusal.Thrown(Refusal.of(400, "the body is not UTF-8"));
        }
    }
}
