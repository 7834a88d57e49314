package io.switchboard.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocol.CloseReason;
import io.switchboard.server.config.ConfigException;
import io.switchboard.server.config.ConfigSources;
import io.switchboard.tokens.TokenSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that wants tokens, and clients of the chat protocol. */
class TokenDoorTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String KEY = "the-key-of-the-backend-0123456789";

    private final HttpClient http = HttpClient.newHttpClient();
    private Switchboard board;

    /** Told how its connection ended. */
    private static final class Client implements WebSocket.Listener {
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }

    @BeforeEach
    void start() throws ConfigException {
        board = Switchboard.start(ConfigSources.none()
                .withSet("node.port=0")
                .withSet("node.host=127.0.0.1")
                .withSet("auth.mode=jwt")
                .withSet("auth.hmac_secret=" + SECRET)
                .withSet("api.key=" + KEY)
                .withSet("protocols.sign.enabled=true")
                .withSet("protocols.centrifugal.enabled=true")
                .load());
    }

    @AfterEach
    void stop() {
        board.close();
        http.shutdownNow();
    }

    private static String token(String user, Duration lifetime) {
        return new TokenSigner(SECRET)
                .sign(
                        user,
                        Optional.empty(),
                        Optional.of(lifetime),
                        new TokenSigner.Wanted(Optional.empty(), Optional.empty(), Optional.of("t1")));
    }

    private Client connect(String path) {
        var client = new Client();
        var socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(board.url() + path), client)
                .join();
        assertFalse(socket.isOutputClosed());
        return client;
    }

    private int refusal(String path) {
        var failure = assertThrows(CompletionException.class, () -> connect(path));
        if (failure.getCause() instanceof WebSocketHandshakeException refused) {
            return refused.getResponse().statusCode();
        }
        throw new AssertionError(failure);
    }

    private String post(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(board.url().replaceFirst("^ws", "http") + path))
                .header("X-API-Key", KEY)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static int end(Client client) {
        return client.closed.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void tokenOpensItsUsersPathUntilItExpires() {
        Client ann = connect("/chat/user/ann?token=" + token("ann", Duration.ofSeconds(2)));
        assertEquals(CloseReason.EXPIRED.code(), end(ann));
    }

    @Test
    void nothingElseOpensAPath() {
        String token = token("ann", Duration.ofHours(1));
        assertEquals(403, refusal("/chat/user/ben?token=" + token));
        assertEquals(401, refusal("/chat/user/ann"));
        assertEquals(401, refusal("/chat/user/ann?token=" + token.substring(0, token.length() - 4)));
    }

    @Test
    void protocolThatTakesAnyPathIsNoWayRoundTheDoor() {
        assertEquals(401, refusal("/connection/other?sign=abc"));
        assertEquals(401, refusal("/connection/websocket/x?sign=abc"));
        assertFalse(connect("/connection/websocket?sign=abc").closed.isDone());
    }

    @Test
    void revokedTokenClosesAndStaysOut() throws IOException, InterruptedException {
        String path = "/chat/user/ann?token=" + token("ann", Duration.ofHours(1));
        Client ann = connect(path);
        String told = post("/api/revoke", "{\"token\":\"t1\",\"disconnect\":{\"code\":4012,\"reason\":\"revoked\"}}");
        assertTrue(told.contains("\"sessions\":1"), told);
        assertEquals(4012, end(ann));
        assertEquals(401, refusal(path));
    }
}
