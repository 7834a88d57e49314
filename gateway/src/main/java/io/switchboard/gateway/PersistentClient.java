package io.switchboard.gateway;

import io.switchboard.discovery.Instance;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/**
 * Goes to another node where one does not take a connection: it may have died, or begun to drain, since the balancer
 * last heard of it, and the gateway has accepted the client by then. What a node refuses for the client's own sake is
 * not tried elsewhere.
 */
final class PersistentClient implements WebSocketClient {
    private static final System.Logger LOG = System.getLogger(PersistentClient.class.getName());
    private static final int ATTEMPTS = 3;

    private final WebSocketClient client;
    private final Fleet fleet;

    PersistentClient(WebSocketClient client, Fleet fleet) {
        this.client = client;
        this.fleet = fleet;
    }

    @Override
    public Mono<Void> execute(URI url, WebSocketHandler handler) {
        return execute(url, new HttpHeaders(), handler);
    }

    @Override
    public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
        return attempt(url, headers, handler, Set.of(), ATTEMPTS);
    }

    private Mono<Void> attempt(
            URI url, HttpHeaders headers, WebSocketHandler handler, Set<String> tried, int attempts) {
        var taken = new AtomicBoolean();
        var watched = new Watched(handler, taken);
        return client.execute(url, headers, watched).onErrorResume(failure -> {
            if (taken.get() || attempts == 1 || isRefusal(failure)) {
                return Mono.error(failure);
            }
            var all = new HashSet<>(tried);
            all.add(url.getHost() + ":" + url.getPort());
            Optional<Instance> next = fleet.choose(all);
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} does not take a connection ({1}); {2}",
                    url.getAuthority(),
                    failure.getMessage(),
                    next.map(node -> "trying " + Fleet.place(node)).orElse("there is no other node"));
            return next.map(node -> attempt(at(url, node), headers, handler, all, attempts - 1))
                    .orElseGet(() -> Mono.error(failure));
        });
    }

    /** By the text of the exception: its status is known to Netty alone. */
    private static boolean isRefusal(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("handshake response") && !text.contains("503");
    }

    private static URI at(URI url, Instance node) {
        return UriComponentsBuilder.fromUri(url)
                .host(node.host())
                .port(node.port())
                .build(true)
                .toUri();
    }

    /** Notes that a node has taken the connection. */
    private record Watched(WebSocketHandler handler, AtomicBoolean taken) implements WebSocketHandler {
        @Override
        public List<String> getSubProtocols() {
            return handler.getSubProtocols();
        }

        @Override
        public Mono<Void> handle(WebSocketSession session) {
            taken.set(true);
            return handler.handle(session);
        }
    }
}
