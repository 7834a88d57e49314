package io.switchboard.gateway;

import io.switchboard.discovery.Instance;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks nodes themselves how they are: sooner than a registry could know, and without one. */
final class Visitor implements AutoCloseable {
    private static final Pattern SESSIONS = Pattern.compile("\"sessions\":(\\d{1,9})");
    private static final int READY = 200;
    private static final int NOT_READY = 503;

    private final Duration patience;
    private final HttpClient http;

    /** @param patience 0 to ask nobody */
    Visitor(Duration patience) {
        this.patience = patience;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** The node as it says it is now; empty if nobody is there. Never fails. */
    CompletableFuture<Optional<Instance>> visit(Instance node) {
        if (patience.isZero()) {
            return CompletableFuture.completedFuture(Optional.of(node));
        }
        var host = node.host().contains(":") && !node.host().startsWith("[") ? "[" + node.host() + "]" : node.host();
        var question = HttpRequest.newBuilder(URI.create("http://" + host + ":" + node.port() + "/health/ready"))
                .timeout(patience)
                .build();
        return http.sendAsync(question, BodyHandlers.ofString())
                .handle((answer, failure) ->
                        failure == null ? Optional.of(after(node, answer)) : unanswered(node, failure));
    }

    private static Instance after(Instance node, HttpResponse<String> answer) {
        // Nodes of other makers have no such page: they are what the registry says they are.
        if (answer.statusCode() != READY && answer.statusCode() != NOT_READY) {
            return node;
        }
        var metadata = new HashMap<>(node.metadata());
        metadata.put(Instance.DRAINING, Boolean.toString(answer.statusCode() == NOT_READY));
        Matcher sessions = SESSIONS.matcher(answer.body());
        if (sessions.find()) {
            metadata.put(Instance.CONNECTIONS, sessions.group(1));
        }
        return new Instance(node.node(), node.host(), node.port(), metadata);
    }

    /** One that is there and says nothing may be busy, or speak TLS: only a closed door is taken for an absence. */
    private static Optional<Instance> unanswered(Instance node, Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return why instanceof ConnectException ? Optional.empty() : Optional.of(node);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
