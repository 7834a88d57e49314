package io.switchboard.tokens;

import static io.switchboard.tokens.Signed.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTokensTest {
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private static final String ANN = "{\"sub\":\"ann\"}";

    private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
    private final Meters meters = new Meters();

    private JwtTokens tokens(TokenSettings settings) {
        return new JwtTokens(settings, meters, millis::get, System::nanoTime);
    }

    private static TokenSettings publicKeys() {
        return TokenSettings.NONE.withPublicKeys(List.of(
                Signed.RSA.getPublic(),
                Signed.P256.getPublic(),
                Signed.P384.getPublic(),
                Signed.P521.getPublic(),
                Signed.ED.getPublic()));
    }

    private static Token valid(Verdict verdict) {
        return assertInstanceOf(Verdict.Valid.class, verdict).token();
    }

    private static void assertInvalid(Verdict verdict) {
        assertInstanceOf(Verdict.Invalid.class, verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void secretsVerify(String algorithm) {
        var tokens = tokens(TokenSettings.hmac("secret"));
        assertEquals(
                "ann",
                valid(verdict(tokens.connection(Signed.hmac(algorithm, SECRET, ANN))))
                        .user());
        assertInvalid(verdict(tokens.connection(Signed.hmac(algorithm, new byte[] {1}, ANN))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void publicKeysVerify(String algorithm) {
        KeyPair pair = switch (algorithm) {
            case "ES256" -> Signed.P256;
            case "ES384" -> Signed.P384;
            case "ES512" -> Signed.P521;
            case "EdDSA" -> Signed.ED;
            default -> Signed.RSA;
        };
        String token = Signed.by(pair, algorithm, "", ANN);
        assertEquals(
                "ann", valid(verdict(tokens(publicKeys()).connection(token))).user());
        assertInvalid(verdict(tokens(TokenSettings.hmac("secret")).connection(token)));
        assertInvalid(verdict(tokens(TokenSettings.NONE.withPublicKeys(List.of(Signed.OTHER_RSA.getPublic())))
                .connection(token)));
    }

    @Test
    void publicKeyIsNeverTakenForSecret() {
        byte[] encoded = Signed.RSA.getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END PUBLIC KEY-----\n";
        var tokens = tokens(publicKeys());
        for (byte[] guess : List.of(
                encoded, pem.getBytes(StandardCharsets.UTF_8), pem.strip().getBytes(StandardCharsets.UTF_8))) {
            assertInvalid(verdict(tokens.connection(Signed.hmac("HS256", guess, ANN))));
        }
        assertEquals(Signed.RSA.getPublic(), PublicKeys.ofPem(pem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\"}",
                "{\"alg\":\"None\"}",
                "{\"alg\":\"NONE\"}",
                "{\"alg\":\"\"}",
                "{\"alg\":\"ES256K\"}",
                "{\"alg\":null}",
                "{}",
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}"
            })
    void headersThatAskForLessAreRefused(String header) {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String content = Signed.encoded(header) + "." + Signed.encoded(ANN) + ".";
        assertInvalid(verdict(tokens.connection(content)));
        assertInvalid(verdict(tokens.connection(content + "AAAA")));
        assertInvalid(verdict(tokens.connection(Signed.hmac(header, "HmacSHA256", SECRET, ANN))));
    }

    @Test
    void emptySignatureAndZeroesVerifyNothing() {
        var tokens = tokens(publicKeys());
        for (String algorithm : List.of("ES256", "RS256", "EdDSA")) {
            String content = Signed.encoded("{\"alg\":\"" + algorithm + "\"}") + "." + Signed.encoded(ANN) + ".";
            assertInvalid(verdict(tokens.connection(content)));
            assertInvalid(verdict(tokens.connection(content + "A".repeat(86))));
        }
    }

    @Test
    void previousSecretStillVerifies() {
        var tokens = tokens(TokenSettings.NONE.withHmac(List.of("new", "secret")));
        assertEquals(
                "ann",
                valid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, ANN))))
                        .user());
        assertInvalid(verdict(tokens(TokenSettings.hmac("new")).connection(Signed.hmac("HS256", SECRET, ANN))));
    }

    @Test
    void expiryHasSomeLeeway() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String token = Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"exp\":1700000010}");
        assertEquals(
                OptionalLong.of(1_700_000_010_000L),
                valid(verdict(tokens.connection(token))).expiresAtMillis());
        millis.set(1_700_000_014_999L);
        valid(verdict(tokens.connection(token)));
        millis.set(1_700_000_015_000L);
        assertInstanceOf(Verdict.Expired.class, verdict(tokens.connection(token)));
    }

    @Test
    void tokenOfTheFutureIsNotYetTrue() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String token = Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"nbf\":1700000010.5}");
        assertInstanceOf(Verdict.Expired.class, verdict(tokens.connection(token)));
        millis.set(1_700_000_006_000L);
        valid(verdict(tokens.connection(token)));
    }

    @Test
    void sessionMayOutliveToken() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String forEver = "{\"sub\":\"ann\",\"exp\":1700000010,\"expire_at\":0}";
        assertEquals(
                OptionalLong.empty(),
                valid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, forEver))))
                        .expiresAtMillis());
        String longer = "{\"sub\":\"ann\",\"exp\":1700000010,\"expire_at\":1700000500}";
        assertEquals(
                OptionalLong.of(1_700_000_500_000L),
                valid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, longer))))
                        .expiresAtMillis());
    }

    @Test
    void audienceAndIssuerAreComparedToTheLetter() {
        var tokens = tokens(TokenSettings.hmac("secret").withParties(Optional.of("app"), Optional.of("https://id")));
        String right = "{\"sub\":\"ann\",\"aud\":[\"x\",\"app\"],\"iss\":\"https://id\"}";
        valid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, right))));
        valid(verdict(tokens.connection(
                Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"aud\":\"app\",\"iss\":\"https://id\"}"))));
        for (String wrong : List.of(
                right.replace("id\"}", "id/\"}"),
                right.replace("\"app\"", "\"apps\""),
                right.replace("https", "HTTPS"),
                ANN)) {
            assertInvalid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, wrong))));
        }
    }

    @Test
    void tokenIsForOnePurposeOnly() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String forTopic = Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"channel\":\"$news\",\"client\":\"c1\"}");
        String forConnection = Signed.hmac("HS256", SECRET, ANN);
        Token token = valid(verdict(tokens.subscription(forTopic)));
        assertEquals("$news", token.topic());
        assertEquals("c1", token.client());
        assertInvalid(verdict(tokens.connection(forTopic)));
        assertInvalid(verdict(tokens.subscription(forConnection)));
    }

    @Test
    void claimsAreReadAsDocumented() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String claims = "{\"sub\":\"ann\",\"jti\":\"t1\",\"iat\":1700000000,\"info\":{\"n\": 1.10},\"meta\":{\"k\":1},"
                + "\"channels\":[\"a\",\"b\"],\"subs\":{\"a\":{\"b64info\":\"AQI=\",\"data\":{\"x\":1},"
                + "\"override\":{\"presence\":{\"value\":true},\"force_recovery\":{\"value\":false}}}}}";
        Token token = valid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, claims))));
        assertEquals("t1", token.id());
        assertEquals(
                "{\"n\":1.10}",
                String.valueOf(token.info() == null ? null : token.info().asText()));
        assertEquals(
                List.of("a", "b"),
                token.topics().stream().map(grant -> grant.topic().name()).toList());
        Token.Grant first = token.topics().getFirst();
        assertEquals(Optional.of(true), first.overrides().present());
        assertEquals(Optional.of(false), first.overrides().recoverable());
        assertEquals(Optional.empty(), first.overrides().positioned());
        assertEquals(2, first.info() == null ? 0 : first.info().length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":7}",
                "{\"sub\":\"ann\",\"sub\":\"ben\"}",
                "{\"sub\":\"ann\",\"exp\":\"later\"}",
                "{\"sub\":\"ann\",\"exp\":1e400}",
                "{\"sub\":\"ann\",\"exp\":-1}",
                "{\"sub\":\"ann\",\"exp\":1e999999999}",
                "{\"sub\":\"ann\",\"channels\":[\"\"]}",
                "{\"sub\":\"ann\",\"channels\":\"a\"}",
                "{\"sub\":\"ann\",\"subs\":[]}",
                "{\"sub\":\"ann\"} ",
                "[]",
                "null"
            })
    void malformedClaimsAreInvalidThoughSigned(String claims) {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String stripped = claims.endsWith(" ") ? claims + "x" : claims;
        assertInvalid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, stripped))));
    }

    @Test
    void longTokenIsNotEvenRead() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String claims = "{\"sub\":\"" + "a".repeat(20_000) + "\"}";
        assertInvalid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, claims))));
    }

    @Test
    void revokedTokensAndUsersAreOut() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        String old = Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"jti\":\"t1\",\"iat\":1699999000}");
        String other = Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"jti\":\"t2\",\"iat\":1699999000}");
        String fresh = Signed.hmac("HS256", SECRET, "{\"sub\":\"ann\",\"iat\":1700000001}");
        tokens.revocations().revokeToken("t1");
        assertInvalid(verdict(tokens.connection(old)));
        valid(verdict(tokens.connection(other)));
        tokens.revocations().revokeUser("ann", 1_700_000_000_000L);
        assertInvalid(verdict(tokens.connection(other)));
        assertInvalid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, ANN))));
        valid(verdict(tokens.connection(fresh)));
        valid(verdict(tokens.connection(Signed.hmac("HS256", SECRET, "{\"sub\":\"ben\"}"))));
        millis.addAndGet(TokenSettings.NONE.revocationsKept().toMillis());
        valid(verdict(tokens.connection(other)));
    }

    @Test
    void revocationsAreBoundedAndTheLossIsCounted() {
        var tokens = tokens(TokenSettings.hmac("secret"));
        for (int i = 0; i < Revocations.ENTRIES_MAX + 5; i++) {
            tokens.revocations().revokeToken("t" + i);
        }
        assertEquals(Revocations.ENTRIES_MAX, meters.sum("switchboard.tokens.revoked"));
        assertEquals(5, meters.sum("switchboard.tokens.revoked.forgotten"));
        assertEquals(
                "t" + (Revocations.ENTRIES_MAX + 4),
                tokens.revocations().newest(10).getFirst().token());
    }

    @Test
    void signerMakesWhatIsAccepted() {
        var tokens = new JwtTokens(TokenSettings.hmac("secret"), meters);
        var signer = new TokenSigner("secret");
        String forTopic = signer.sign("42", Optional.of("news"), Optional.empty(), TokenSigner.Wanted.NOTHING);
        assertEquals("news", valid(verdict(tokens.subscription(forTopic))).topic());
        String forConnection =
                signer.sign("42", Optional.empty(), Optional.of(Duration.ofHours(1)), TokenSigner.Wanted.NOTHING);
        assertTrue(valid(verdict(tokens.connection(forConnection)))
                .expiresAtMillis()
                .isPresent());
    }

    @Test
    void settingsShowNoSecret() {
        assertEquals(
                "TokenSettings[1 secrets, 0 public keys, jwks none]",
                TokenSettings.hmac("secret").toString());
    }
}
