package io.switchboard.tokens;

import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which tokens count.
 *
 * @param hmacSecrets those that HMAC tokens may be signed with: the current one, and the one before it
 * @param publicKeys of RSA, of an elliptic curve, or Ed25519
 * @param jwksUrl where more public keys are published, by their {@code kid}
 * @param audience that a token must be made for; empty for any
 * @param issuer that must have made it, to the letter; empty for any
 * @param clockSkew by how much the clock of whoever makes tokens may differ from ours
 * @param bytesMax of a whole token
 * @param jwksLifetime how long fetched keys count before they are fetched again
 * @param revocationsKept how long what has been revoked is remembered: no shorter than tokens live
 */
public record TokenSettings(
        List<String> hmacSecrets,
        List<PublicKey> publicKeys,
        Optional<URI> jwksUrl,
        Optional<String> audience,
        Optional<String> issuer,
        Duration clockSkew,
        int bytesMax,
        Duration jwksLifetime,
        Duration revocationsKept) {
    /** No key: no token is true. */
    public static final TokenSettings NONE = new TokenSettings(
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(5),
            16_384,
            Duration.ofHours(1),
            Duration.ofHours(24));

    public TokenSettings {
        hmacSecrets = List.copyOf(hmacSecrets);
        publicKeys = List.copyOf(publicKeys);
        if (hmacSecrets.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a secret for tokens is empty");
        }
    }

    /** One secret for HMAC, and nothing else. */
    public static TokenSettings hmac(String secret) {
        return NONE.withHmac(List.of(secret));
    }

    public TokenSettings withHmac(List<String> secrets) {
        return new TokenSettings(
                secrets, publicKeys, jwksUrl, audience, issuer, clockSkew, bytesMax, jwksLifetime, revocationsKept);
    }

    public TokenSettings withPublicKeys(List<PublicKey> keys) {
        return new TokenSettings(
                hmacSecrets, keys, jwksUrl, audience, issuer, clockSkew, bytesMax, jwksLifetime, revocationsKept);
    }

    public TokenSettings withJwks(URI url, Duration lifetime) {
        return new TokenSettings(
                hmacSecrets,
                publicKeys,
                Optional.of(url),
                audience,
                issuer,
                clockSkew,
                bytesMax,
                lifetime,
                revocationsKept);
    }

    public TokenSettings withParties(Optional<String> onlyAudience, Optional<String> onlyIssuer) {
        return new TokenSettings(
                hmacSecrets,
                publicKeys,
                jwksUrl,
                onlyAudience,
                onlyIssuer,
                clockSkew,
                bytesMax,
                jwksLifetime,
                revocationsKept);
    }

    /** Whether there is a key of any kind. */
    public boolean hasKey() {
        return !hmacSecrets.isEmpty() || !publicKeys.isEmpty() || jwksUrl.isPresent();
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "TokenSettings[" + hmacSecrets.size() + " secrets, " + publicKeys.size() + " public keys, jwks "
                + jwksUrl.map(URI::getHost).orElse("none") + "]";
    }
}
