package io.switchboard.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.switchboard.hub.Authenticator.Verdict;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenAuthenticatorTest {
    private final TokenSigner signer = new TokenSigner("secret");
    private final TokenAuthenticator door = new TokenAuthenticator(
            new JwtTokens(TokenSettings.hmac("secret"), new Meters()),
            request -> request.path().equals("/connection/websocket"));
    private final String ann = token("ann", Optional.of(Duration.ofHours(1)));

    private String token(String user, Optional<Duration> lifetime) {
        return signer.sign(user, Optional.empty(), lifetime, TokenSigner.Wanted.NOTHING);
    }

    private Verdict verdict(String path, Map<String, String> query, Map<String, String> headers, String claimed) {
        return door.authenticate(new Request(path, Map.of(), query, headers, "127.0.0.1"), claimed)
                .toCompletableFuture()
                .join();
    }

    private static int status(Verdict verdict) {
        var refusal = assertInstanceOf(Verdict.Rejected.class, verdict).refusal();
        assertFalse(refusal.text().contains("eyJ"), refusal.text());
        return refusal.status();
    }

    @Test
    void tokenComesInAnyOfThreePlaces() {
        for (Verdict verdict : new Verdict[] {
            verdict("/chat/user/ann", Map.of("token", ann), Map.of(), "ann"),
            verdict("/chat/user/ann", Map.of("access_token", ann), Map.of(), "ann"),
            verdict("/chat/user/ann", Map.of(), Map.of("authorization", "bearer  " + ann), "ann")
        }) {
            var identity = assertInstanceOf(Verdict.Accepted.class, verdict).identity();
            assertEquals("ann", identity.user());
            assertEquals(true, identity.expiresAtMillis().isPresent());
        }
    }

    @Test
    void pathOfAnotherIsRefused() {
        assertEquals(403, status(verdict("/chat/user/ben", Map.of("token", ann), Map.of(), "ben")));
    }

    @Test
    void whoNamesNobodyIsWhomTheTokenNames() {
        var verdict = verdict("/message", Map.of("token", ann), Map.of(), "");
        assertEquals(
                "ann",
                assertInstanceOf(Verdict.Accepted.class, verdict).identity().user());
    }

    @Test
    void nothingElseOpens() {
        assertEquals(401, status(verdict("/chat/user/ann", Map.of(), Map.of(), "ann")));
        assertEquals(401, status(verdict("/chat/user/ann", Map.of("token", ann + "x"), Map.of(), "ann")));
        assertEquals(401, status(verdict("/chat/user/ann", Map.of(), Map.of("authorization", "Basic " + ann), "ann")));
        String old = token("ann", Optional.of(Duration.ofHours(-1)));
        assertEquals(401, status(verdict("/chat/user/ann", Map.of("token", old), Map.of(), "ann")));
        assertEquals(401, status(verdict("/message", Map.of("token", token("", Optional.empty())), Map.of(), "")));
        String forTopic = signer.sign("ann", Optional.of("news"), Optional.empty(), TokenSigner.Wanted.NOTHING);
        assertEquals(401, status(verdict("/chat/user/ann", Map.of("token", forTopic), Map.of(), "ann")));
    }

    @Test
    void protocolWithWordsForTokensIsLeftToItself() {
        assertInstanceOf(Verdict.Accepted.class, verdict("/connection/websocket", Map.of(), Map.of(), ""));
    }
}
