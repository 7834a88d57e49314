package io.switchboard.tokens;

import static io.switchboard.tokens.Signed.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.nimbusds.jose.util.Base64URL;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Tokens.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The door, tried with tens of thousands of tokens that are not quite right. */
class TokenFuzzTest {
    private static final long SEED = 20_221_107;
    private static final String SECRET = "a-secret-that-nobody-must-ever-see";
    private static final byte[] KEY = SECRET.getBytes(StandardCharsets.UTF_8);
    private static final String CLAIMS = "{\"sub\":\"ann\",\"exp\":4102444800,\"jti\":\"some-id-of-a-token\"}";
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\u0000\u00e9";

    private final Random random = new Random(SEED);
    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final Logger root = Logger.getLogger("");
    private final Handler ears = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getMessage() + " " + Arrays.toString(line.getParameters()) + " " + line.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final JwtTokens tokens = new JwtTokens(
            TokenSettings.hmac(SECRET)
                    .withPublicKeys(List.of(Signed.RSA.getPublic(), Signed.P256.getPublic(), Signed.ED.getPublic())),
            new Meters());

    @BeforeEach
    void listen() {
        ears.setLevel(Level.ALL);
        root.addHandler(ears);
    }

    @AfterEach
    void stopListening() {
        root.removeHandler(ears);
    }

    private void assertStaysOut(String token) {
        Verdict verdict = verdict(tokens.connection(token));
        assertFalse(verdict instanceof Verdict.Valid, () -> "let in: " + token);
        if (verdict instanceof Verdict.Invalid(String why)) {
            assertFalse(why.contains("ann") || why.contains("eyJ"), why);
        }
    }

    @Test
    void rightOnesGetIn() {
        for (String right : rightOnes()) {
            assertInstanceOf(Verdict.Valid.class, verdict(tokens.connection(right)));
        }
    }

    private static List<String> rightOnes() {
        return List.of(
                Signed.hmac("HS256", KEY, CLAIMS),
                Signed.hmac("HS512", KEY, CLAIMS),
                Signed.by(Signed.RSA, "RS256", "", CLAIMS),
                Signed.by(Signed.RSA, "PS256", "", CLAIMS),
                Signed.by(Signed.P256, "ES256", "", CLAIMS),
                Signed.by(Signed.ED, "EdDSA", "", CLAIMS));
    }

    @Test
    void noMutatedTokenGetsIn() {
        for (String right : rightOnes()) {
            for (int i = 0; i < 2_000; i++) {
                String mutated = mutated(right);
                if (!mutated.equals(right)) {
                    assertStaysOut(mutated);
                }
            }
        }
        assertNothingLogged();
    }

    private String mutated(String token) {
        var text = new StringBuilder(token);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                case 2 -> text.deleteCharAt(at);
                case 3 -> text.setLength(at);
                case 4 -> text.append(c);
                default -> text.setCharAt(at, (char) (text.charAt(at) ^ 1));
            }
        }
        return text.toString();
    }

    @Test
    void noPieceOfTokensGetsInUnderAnothersSignature() {
        List<String> right = rightOnes();
        String forged = Signed.encoded(CLAIMS.replace("ann", "root"));
        for (String one : right) {
            String[] parts = one.split("\\.", -1);
            assertStaysOut(parts[0] + "." + forged + "." + parts[2]);
            for (String other : right) {
                String[] others = other.split("\\.", -1);
                if (!one.equals(other)) {
                    assertStaysOut(parts[0] + "." + parts[1] + "." + others[2]);
                    assertStaysOut(others[0] + "." + parts[1] + "." + parts[2]);
                }
            }
        }
    }

    @Test
    void noRandomSignatureGetsIn() {
        for (String algorithm : List.of("HS256", "HS384", "RS256", "PS512", "ES256", "EdDSA", "none", "HS1")) {
            String content = Signed.encoded("{\"alg\":\"" + algorithm + "\"}") + "." + Signed.encoded(CLAIMS) + ".";
            for (int length : new int[] {0, 1, 32, 48, 64, 256, 257}) {
                var signature = new byte[length];
                random.nextBytes(signature);
                assertStaysOut(content + Base64URL.encode(signature));
            }
        }
        assertNothingLogged();
    }

    @Test
    void noForeignKeyOpens() {
        for (int i = 0; i < 500; i++) {
            var key = new byte[1 + random.nextInt(64)];
            random.nextBytes(key);
            assertStaysOut(Signed.hmac("HS256", key, CLAIMS));
        }
        assertStaysOut(Signed.by(Signed.OTHER_RSA, "RS256", "", CLAIMS));
        assertStaysOut(Signed.by(Signed.P384, "ES384", "", CLAIMS));
        assertNothingLogged();
    }

    @Test
    void garbageStaysOut() {
        for (int i = 0; i < 5_000; i++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertStaysOut(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        for (String odd : List.of("", ".", "..", "...", "a.b.c", "....", "eyJ.eyJ.", ".".repeat(16_000))) {
            assertStaysOut(odd);
        }
    }

    private void assertNothingLogged() {
        assertEquals(List.of(), logged.stream().filter(TokenFuzzTest::isTelling).toList());
    }

    private static boolean isTelling(String line) {
        return line.contains(SECRET) || line.contains("eyJ") || line.contains("some-id-of-a-token");
    }
}
