package io.switchboard.server.config;

import io.switchboard.server.config.ServerConfig.AuthMode;
import io.switchboard.tokens.PublicKeys;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys of {@code auth}: who clients are, and whose tokens are believed. */
final class AuthKeys {
    private static final KeyList LIST = new KeyList();
    private static final Pattern WORDS = Pattern.compile("[^\\p{Cntrl}]{1,512}");

    static final Key<AuthMode> MODE = LIST.add(
            "auth.mode",
            Types.oneOf(AuthMode.class),
            "none",
            "Who clients are: none (loopback only), path (whoever the path says; put a door before it), jwt (whose"
                    + " token they bring).");
    static final Key<Optional<Secret>> HMAC_SECRET = LIST.add(
            "auth.hmac_secret",
            Types.optional(Types.secret()),
            "none",
            "What tokens are signed with (HS256, HS384, HS512); 32 random bytes or more.");
    static final Key<Optional<Secret>> HMAC_PREVIOUS = LIST.add(
            "auth.hmac_previous",
            Types.optional(Types.secret()),
            "none",
            "The secret before that one, which still counts while tokens signed with it are about.");
    static final Key<Optional<PublicKey>> RSA_KEY =
            LIST.add("auth.rsa_public_key", Types.optional(publicKey("RSA")), "none", doc("RS and PS"));
    static final Key<Optional<PublicKey>> ECDSA_KEY =
            LIST.add("auth.ecdsa_public_key", Types.optional(publicKey("EC")), "none", doc("ES"));
    static final Key<Optional<PublicKey>> EDDSA_KEY =
            LIST.add("auth.eddsa_public_key", Types.optional(publicKey("EdDSA")), "none", doc("EdDSA, Ed25519"));
    static final Key<Optional<URI>> JWKS_URL = LIST.add(
            "auth.jwks_url",
            Types.optional(url("https://id.example.com/jwks.json")),
            "none",
            "Where public keys are published as a JWK set; tokens name theirs by kid.");
    static final Key<Duration> JWKS_REFRESH = LIST.add(
            "auth.jwks_refresh",
            Types.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
            "1h",
            "How long fetched keys count before they are fetched again; an unknown kid is asked for at once.");
    static final Key<Optional<String>> AUDIENCE = LIST.add(
            "auth.audience",
            Types.optional(Types.text("a text such as my-app", WORDS)),
            "none",
            "Whom a token must be made for (aud); none is anybody.");
    static final Key<Optional<String>> ISSUER = LIST.add(
            "auth.issuer",
            Types.optional(Types.text("a text such as https://id.example.com", WORDS)),
            "none",
            "Who must have made a token (iss), to the letter; none is anybody with the key.");
    static final Key<Duration> CLOCK_SKEW = LIST.add(
            "auth.clock_skew",
            Types.duration(Duration.ZERO, Duration.ofMinutes(10)),
            "5s",
            "How much the clock of whoever makes tokens may differ.");
    static final Key<Integer> TOKEN_BYTES = LIST.add(
            "auth.token_bytes", Types.size(256, 1 << 20), "16KiB", "The longest token; a longer one is not even read.");
    static final Key<Duration> REVOCATIONS_KEPT = LIST.add(
            "auth.revocations_kept",
            Types.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
            "24h",
            "How long revoked tokens and users are remembered: no shorter than tokens live.");

    private AuthKeys() {}

    static List<Key<?>> all() {
        return LIST.all();
    }

    private static String doc(String algorithms) {
        return "The public key for tokens signed with " + algorithms + ": a PEM file, or its text.";
    }

    private static ValueType<PublicKey> publicKey(String algorithm) {
        var expected = "a PEM file with a public key";
        return ValueType.scalar(expected, text -> {
            try {
                var key = PublicKeys.ofPem(text.startsWith("-----BEGIN") ? text : read(text));
                if (!key.getAlgorithm().equals(algorithm)) {
                    throw new BadValue("this is a key of " + key.getAlgorithm(), "give one of " + algorithm);
                }
                return key;
            } catch (IllegalArgumentException e) {
                throw new BadValue("no key can be read from it", String.valueOf(e.getMessage()));
            }
        });
    }

    private static String read(String path) throws BadValue {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException | InvalidPathException e) {
            throw new BadValue(
                    "there is no file " + Types.quoted(path) + " that can be read", "give the path of a PEM file");
        }
    }

    /** An address that asks may go to. */
    static ValueType<URI> url(String example) {
        var expected = "an address such as " + example;
        return ValueType.scalar(expected, text -> {
            try {
                var url = new URI(text);
                boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
                if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
                    return url;
                }
            } catch (URISyntaxException e) {
                // Told below; the text may hold what nobody should see.
                throw new BadValue("this is not an address", "give " + expected);
            }
            throw new BadValue("this is not an address of the web without a user and a fragment", "give " + expected);
        });
    }
}
