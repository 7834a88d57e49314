package io.switchboard.tokens;

import static io.switchboard.tokens.Signed.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Tokens.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeySetTest {
    private static final String ANN = "{\"sub\":\"ann\"}";
    private static final String OLD = Signed.by(Signed.RSA, "RS256", "old", ANN);
    private static final String NEW = Signed.by(Signed.P256, "ES256", "new", ANN);

    private final AtomicLong nanos = new AtomicLong(1);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String published = Signed.jwks(Signed.RSA, "old");
    private volatile int status = 200;
    private HttpServer server;
    private JwtTokens tokens;

    @BeforeEach
    void publish() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] body = published.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        tokens =
                new JwtTokens(TokenSettings.NONE.withJwks(url, Duration.ofHours(1)), new Meters(), () -> 0, nanos::get);
    }

    @AfterEach
    void stop() {
        tokens.close();
        server.stop(0);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Class<?> thoughtOf(String token) {
        return verdict(tokens.connection(token)).getClass();
    }

    @Test
    void keysAreFetchedOnceAndKept() {
        for (int i = 0; i < 5; i++) {
            assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        }
        assertEquals(1, asked.get());
    }

    @Test
    void newKeyIsFoundWhenItIsFirstUsed() {
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        published = "{\"keys\":[" + Signed.jwk(Signed.RSA, "old") + "," + Signed.jwk(Signed.P256, "new") + "]}";
        pass(Duration.ofSeconds(11));
        assertEquals(Verdict.Valid.class, thoughtOf(NEW));
        assertEquals(2, asked.get());
    }

    @Test
    void madeUpKeysDoNotMakeUsAsk() {
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        pass(Duration.ofSeconds(11));
        for (int i = 0; i < 50; i++) {
            Verdict verdict = verdict(tokens.connection(Signed.by(Signed.P256, "ES256", "made-up-" + i, ANN)));
            assertEquals(i == 0 ? Verdict.Invalid.class : Verdict.Undecided.class, verdict.getClass());
        }
        assertEquals(2, asked.get());
    }

    @Test
    void keyThatIsPublishedNoMoreStopsCounting() {
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        published = Signed.jwks(Signed.P256, "new");
        pass(Duration.ofMinutes(61));
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        assertEquals(Verdict.Valid.class, thoughtOf(NEW));
        pass(Duration.ofSeconds(11));
        assertEquals(Verdict.Invalid.class, thoughtOf(OLD));
    }

    @Test
    void outageLeavesKnownKeysAndDecidesNothingElse() {
        status = 500;
        assertEquals(Verdict.Undecided.class, thoughtOf(OLD));
        assertEquals(Verdict.Undecided.class, thoughtOf(OLD));
        assertEquals(1, asked.get());
        status = 200;
        pass(Duration.ofSeconds(3));
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        status = 500;
        pass(Duration.ofHours(2));
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        assertEquals(Verdict.Undecided.class, thoughtOf(NEW));
        pass(Duration.ofHours(23));
        assertEquals(Verdict.Undecided.class, thoughtOf(OLD));
    }

    @Test
    void garbageAndSecretsInSetOpenNothing() {
        published = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"old\"}]}";
        String bySecret = Signed.hmac(
                "{\"alg\":\"HS256\",\"kid\":\"old\"}", "HmacSHA256", "secret".getBytes(StandardCharsets.UTF_8), ANN);
        assertInstanceOf(Verdict.Invalid.class, verdict(tokens.connection(bySecret)));
        published = "<html>";
        pass(Duration.ofSeconds(11));
        assertEquals(Verdict.Undecided.class, thoughtOf(OLD));
        published = "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"weak\"},"
                + Signed.jwk(Signed.ED, "ed") + "]}";
        pass(Duration.ofSeconds(11));
        assertEquals(Verdict.Valid.class, thoughtOf(Signed.by(Signed.ED, "EdDSA", "ed", ANN)));
        assertEquals(Verdict.Undecided.class, thoughtOf(Signed.by(Signed.RSA, "RS256", "weak", ANN)));
    }

    @Test
    void publishedKeyIsForItsOwnAlgorithmsOnly() {
        published = Signed.jwks(Signed.RSA, "old").replace("\"use\"", "\"alg\":\"RS256\",\"use\"");
        assertEquals(Verdict.Valid.class, thoughtOf(OLD));
        assertEquals(Verdict.Invalid.class, thoughtOf(Signed.by(Signed.RSA, "RS512", "old", ANN)));
        String confused = Signed.hmac(
                "{\"alg\":\"HS256\",\"kid\":\"old\"}",
                "HmacSHA256",
                Signed.RSA.getPublic().getEncoded(),
                ANN);
        assertEquals(Verdict.Invalid.class, thoughtOf(confused));
    }
}
