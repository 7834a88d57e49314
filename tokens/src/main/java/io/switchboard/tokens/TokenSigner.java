package io.switchboard.tokens;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import io.switchboard.tokens.wire.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;

/** Makes tokens signed with a secret (HS256), for trying; an application makes its own. */
public final class TokenSigner {
    private static final JWSAlgorithm ALGORITHM = JWSAlgorithm.HS256;

    private final VerifyingKey.Hmac key;

    public TokenSigner(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("the secret for tokens is empty");
        }
        key = new VerifyingKey.Hmac(secret);
    }

    /**
     * A token that is made now.
     *
     * @param topic that it is for; without one it is for a connection
     * @param lifetime how long it lasts; without one for ever
     */
    public String sign(String user, Optional<String> topic, Optional<Duration> lifetime, Wanted wanted) {
        long seconds = System.currentTimeMillis() / 1000;
        var claims = new JsonText().text("sub", user);
        topic.ifPresent(name -> claims.text("channel", name));
        wanted.issuer().ifPresent(issuer -> claims.text("iss", issuer));
        wanted.audience().ifPresent(audience -> claims.text("aud", audience));
        wanted.id().ifPresent(id -> claims.text("jti", id));
        claims.number("iat", seconds);
        lifetime.ifPresent(span -> claims.number("exp", seconds + span.toSeconds()));
        return sign(claims.end());
    }

    /** What the server wants tokens to say. */
    public record Wanted(Optional<String> issuer, Optional<String> audience, Optional<String> id) {
        public static final Wanted NOTHING = new Wanted(Optional.empty(), Optional.empty(), Optional.empty());
    }

    String sign(ByteBuffer claims) {
        ByteBuffer header = new JsonText()
                .text("alg", ALGORITHM.getName())
                .text("typ", "JWT")
                .end();
        String content = encoded(header) + "." + encoded(claims);
        try {
            return content + "." + Base64URL.encode(key.sign(ALGORITHM, content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }

    private static Base64URL encoded(ByteBuffer bytes) {
        var array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return Base64URL.encode(array);
    }
}
