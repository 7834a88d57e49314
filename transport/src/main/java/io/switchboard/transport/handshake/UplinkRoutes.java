package io.switchboard.transport.handshake;

import io.switchboard.hub.Hub;
import io.switchboard.message.MalformedException;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.StreamEndpoint;
import io.switchboard.protocol.UplinkReader;
import io.switchboard.transport.http.HttpAnswer;
import io.switchboard.transport.http.HttpRequest;
import io.switchboard.transport.http.HttpRoute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where clients that listen to a stream say something: to any node, which passes it on to the one they listen to. */
public final class UplinkRoutes {
    private static final Set<String> METHODS = Set.of("POST");

    private final Hub hub;
    private final Origins origins;
    private final int bodyBytesMax;

    /** @param bodyBytesMax beyond: 413 */
    public UplinkRoutes(Hub hub, Origins origins, int bodyBytesMax) {
        this.hub = hub;
        this.origins = origins;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** One for each reader that the endpoints name. */
    public List<HttpRoute> of(List<StreamEndpoint<?>> endpoints) {
        return endpoints.stream()
                .map(StreamEndpoint::uplinkReader)
                .flatMap(Optional::stream)
                .distinct()
                .map(reader -> new HttpRoute(
                        reader.path(), false, Set.of("POST", "OPTIONS"), request -> answer(reader, request)))
                .toList();
    }

    private CompletionStage<HttpAnswer> answer(UplinkReader reader, HttpRequest request) {
        try {
            origins.check(request.header("origin"));
        } catch (Refusal.Thrown e) {
            return CompletableFuture.completedFuture(HttpAnswer.refusal(e.refusal()));
        }
        Map<String, String> crossOrigin = CrossOrigin.headers(request.header("origin"));
        if (request.method().equals("OPTIONS")) {
            return CompletableFuture.completedFuture(CrossOrigin.preflight(crossOrigin, request.headers(), METHODS));
        }
        return delivered(reader, request).thenApply(answer -> answer.with(crossOrigin));
    }

    private CompletionStage<HttpAnswer> delivered(UplinkReader reader, HttpRequest request) {
        if (request.body().remaining() > bodyBytesMax) {
            return CompletableFuture.completedFuture(
                    HttpAnswer.text(413, "the limit for what a client says is " + bodyBytesMax + " bytes"));
        }
        UplinkReader.Said said;
        try {
            said = reader.read(StreamRequests.message(request.headers(), request.body()));
        } catch (Refusal.Thrown e) {
            return CompletableFuture.completedFuture(HttpAnswer.refusal(e.refusal()));
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(HttpAnswer.text(400, String.valueOf(e.getMessage())));
        }
        return hub.uplinks()
                .deliver(said.node(), said.key(), said.message())
                .handle((taken, failure) -> failure != null
                        ? HttpAnswer.text(503, "the client's node did not take it in time")
                                .with("Retry-After", "1")
                        : taken
                                ? HttpAnswer.noContent()
                                : HttpAnswer.text(404, "there is no such session, or its connection is gone"));
    }
}
