package io.switchboard.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.switchboard.tokens.wire.Exchange;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Public keys that somebody publishes at an address, by their {@code kid}. They are fetched when first needed, and
 * again before their lifetime is over, while the old ones still serve. A {@code kid} that is not among them may be new:
 * then they are fetched once more, but not oftener than every {@link #PAUSE_NANOS}, so that tokens with made-up ones do
 * not make us a nuisance. While the address does not answer, what is known counts for a day; failures are followed by
 * growing pauses.
 */
final class KeySet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KeySet.class.getName());
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final int BYTES_MAX = 1 << 20;
    private static final int KEYS_MAX = 100;
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long FIRST_BACKOFF_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LAST_BACKOFF_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long STALE_NANOS = Duration.ofHours(24).toNanos();

    /** What was published, and when it was read. */
    private record Fetched(Map<String, VerifyingKey> keys, long nanos) {}

    /** What of a key is known: it is there, or it is not, or nobody can tell now. */
    sealed interface Found {
        record Key(VerifyingKey key) implements Found {}

        record Unknown() implements Found {}

        record Unreachable() implements Found {}
    }

    private final URI url;
    private final long lifetimeNanos;
    private final LongSupplier nanos;
    private final LongAdder failures;
    private final Exchange exchange = new Exchange(WITHIN, BYTES_MAX);
    private volatile @Nullable Fetched fetched;

    // Guarded by this; held for moments only.
    private @Nullable CompletableFuture<Optional<Fetched>> underWay;
    private long nextNanos;
    private long backoffNanos = FIRST_BACKOFF_NANOS;

    KeySet(URI url, Duration lifetime, LongSupplier nanos, LongAdder failures) {
        this.url = url;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanos = nanos;
        this.failures = failures;
        this.nextNanos = nanos.getAsLong();
    }

    CompletionStage<Found> find(String kid) {
        Fetched known = fetched;
        long now = nanos.getAsLong();
        if (known != null && now - known.nanos < STALE_NANOS && in(known, kid) instanceof Found.Key key) {
            if (now - known.nanos > lifetimeNanos) {
                var ignored = refetched();
            }
            return CompletableFuture.completedFuture(key);
        }
        // Too early to ask, or no answer: it may well be new.
        return refetched()
                .thenApply(newest -> newest.<Found>map(keys -> in(keys, kid)).orElseGet(Found.Unreachable::new));
    }

    private static Found in(Fetched fetched, String kid) {
        VerifyingKey key = fetched.keys.get(kid);
        return key == null ? new Found.Unknown() : new Found.Key(key);
    }

    /** Those published now; empty if they cannot be had, or if it is too early to ask again. */
    private CompletionStage<Optional<Fetched>> refetched() {
        CompletableFuture<Optional<Fetched>> answer;
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            if (nanos.getAsLong() - nextNanos < 0) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            answer = new CompletableFuture<>();
            underWay = answer;
        }
        var ignored = exchange.get(url, WITHIN).whenComplete((got, failure) -> {
            Optional<Fetched> newest = failure == null ? read(got) : failed(Exchange.cause(failure));
            synchronized (this) {
                underWay = null;
                backoffNanos =
                        newest.isPresent() ? FIRST_BACKOFF_NANOS : Math.min(LAST_BACKOFF_NANOS, 2 * backoffNanos);
                nextNanos = nanos.getAsLong()
                        + (newest.isPresent()
                                ? PAUSE_NANOS
                                : backoffNanos / 2 + ThreadLocalRandom.current().nextLong(backoffNanos / 2));
            }
            newest.ifPresent(keys -> fetched = keys);
            answer.complete(newest);
        });
        return answer;
    }

    private Optional<Fetched> read(Exchange.Answer got) {
        if (got.status() != 200) {
            return failed(new IOException("it answered " + got.status()));
        }
        try {
            JWKSet set = JWKSet.parse(StandardCharsets.UTF_8.decode(got.body()).toString());
            var keys = new HashMap<String, VerifyingKey>();
            for (JWK jwk : set.getKeys()) {
                String kid = jwk.getKeyID();
                if (kid != null && keys.size() < KEYS_MAX && isForSignatures(jwk)) {
                    publicKey(jwk).ifPresent(key -> keys.put(kid, restricted(key, jwk)));
                }
            }
            return Optional.of(new Fetched(Map.copyOf(keys), nanos.getAsLong()));
        } catch (ParseException | RuntimeException e) {
            // What the library makes of garbage is not to be relied on; without an end this would be the last fetch.
            return failed(new IOException("its answer is no set of keys"));
        }
    }

    private static boolean isForSignatures(JWK jwk) {
        return jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse());
    }

    /** A key that names its algorithm is for that one alone. */
    private static VerifyingKey restricted(VerifyingKey key, JWK jwk) {
        var named = jwk.getAlgorithm();
        return named == null ? key : new Narrowed(key, named.getName());
    }

    /** Secrets have no place in a published set; a set with keys of unknown kinds is good for the others. */
    private static Optional<VerifyingKey> publicKey(JWK jwk) {
        try {
            PublicKey key = switch (jwk) {
                case RSAKey rsa when rsa.size() >= PublicKeys.RSA_BITS_MIN -> rsa.toPublicKey();
                case ECKey curve -> curve.toPublicKey();
                case OctetKeyPair pair
                when pair.getCurve().getName().equals("Ed25519") ->
                    edwards(pair.getX().decode());
                default -> null;
            };
            return key == null ? Optional.empty() : Optional.of(VerifyingKey.of(key));
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "a key of auth.jwks_url cannot be used: it is malformed");
            return Optional.empty();
        }
    }

    /** RFC 8032, 5.1.2: little-endian, the sign of x in the highest bit. */
    private static PublicKey edwards(byte[] littleEndian) throws GeneralSecurityException {
        if (littleEndian.length != 32) {
            throw new GeneralSecurityException("a key of Ed25519 has 32 bytes");
        }
        var y = new byte[32];
        for (int i = 0; i < 32; i++) {
            y[i] = littleEndian[31 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
    }

    private Optional<Fetched> failed(Throwable why) {
        failures.increment();
        LOG.log(
                System.Logger.Level.WARNING,
                "the keys at {0} cannot be fetched: {1}; tokens are judged by those known until they can",
                url.getHost(),
                why instanceof IOException ? why.getMessage() : why.getClass().getSimpleName());
        return Optional.empty();
    }

    @Override
    public void close() {
        exchange.close();
    }
}
