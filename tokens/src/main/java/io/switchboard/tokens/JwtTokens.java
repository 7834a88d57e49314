package io.switchboard.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import io.switchboard.message.MalformedException;
import io.switchboard.metrics.Meters;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import io.switchboard.tokens.KeySet.Found;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges JSON Web Tokens (RFC 7519, signed as RFC 7515 says). Which algorithms there are is decided by the keys, never
 * by the token: {@code none} has no key, and a public key is never taken for a secret. A token's words appear in no
 * message, for some of them may be somebody's secret.
 */
public final class JwtTokens implements Tokens, AutoCloseable {
    private static final Executor ELSEWHERE = Thread::startVirtualThread;
    private static final int KID_MAX = 256;

    /** Narrower than the library's: of each token there is one spelling only. */
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");

    /** What the caller wants a token for. */
    private enum Purpose {
        CONNECTION,
        SUBSCRIPTION
    }

    private final TokenSettings settings;
    private final List<VerifyingKey> keys = new ArrayList<>();
    private final Optional<KeySet> published;
    private final Revocations revocations;
    private final LongSupplier millis;
    private final LongAdder valid;
    private final LongAdder expired;
    private final LongAdder invalid;
    private final LongAdder undecided;

    public JwtTokens(TokenSettings settings, Meters meters) {
        this(settings, meters, System::currentTimeMillis, System::nanoTime);
    }

    JwtTokens(TokenSettings settings, Meters meters, LongSupplier millis, LongSupplier nanos) {
        this.settings = settings;
        this.millis = millis;
        settings.hmacSecrets().forEach(secret -> keys.add(new VerifyingKey.Hmac(secret)));
        settings.publicKeys().forEach(key -> keys.add(VerifyingKey.of(key)));
        var failures = meters.counter("switchboard.tokens.jwks.failures", "Times that auth.jwks_url gave no keys");
        published = settings.jwksUrl().map(url -> new KeySet(url, settings.jwksLifetime(), nanos, failures));
        revocations = new Revocations(settings.revocationsKept().toMillis(), millis);
        String help = "Tokens by what was thought of them";
        valid = meters.counter("switchboard.tokens", help, "verdict", "valid");
        expired = meters.counter("switchboard.tokens", help, "verdict", "expired");
        invalid = meters.counter("switchboard.tokens", help, "verdict", "invalid");
        undecided = meters.counter("switchboard.tokens", help, "verdict", "undecided");
        meters.gauge("switchboard.tokens.revoked", "Tokens and users remembered as revoked", revocations::size);
        meters.gauge(
                "switchboard.tokens.revoked.forgotten",
                "Revocations forgotten before their time, for there were too many",
                revocations::forgotten);
    }

    /** What has been revoked, to be fed with what is revoked anywhere. */
    public Revocations revocations() {
        return revocations;
    }

    @Override
    public CompletionStage<Verdict> connection(String token) {
        return judge(token, Purpose.CONNECTION);
    }

    @Override
    public CompletionStage<Verdict> subscription(String token) {
        return judge(token, Purpose.SUBSCRIPTION);
    }

    @Override
    public void close() {
        published.ifPresent(KeySet::close);
    }

    private CompletionStage<Verdict> judge(String text, Purpose purpose) {
        Optional<JWSObject> parsed = parse(text);
        if (parsed.isEmpty()) {
            return now(new Verdict.Invalid("it is no signed token, or longer than auth.token_bytes"));
        }
        JWSObject token = parsed.get();
        JWSHeader header = token.getHeader();
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            return now(new Verdict.Invalid("its header asks for what is not known here"));
        }
        List<VerifyingKey> fitting = keys.stream()
                .filter(key -> key.algorithms().contains(header.getAlgorithm()))
                .toList();
        if (fitting.stream().anyMatch(VerifyingKey::isSlow)) {
            return CompletableFuture.supplyAsync(() -> isSignedBy(fitting, token), ELSEWHERE)
                    .thenCompose(signed -> signed ? now(read(token, purpose)) : judgePublished(token, purpose));
        }
        return isSignedBy(fitting, token) ? now(read(token, purpose)) : judgePublished(token, purpose);
    }

    private Optional<JWSObject> parse(String text) {
        if (text.length() > settings.bytesMax() || !SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            JWSObject token = JWSObject.parse(text);
            Base64URL signature = token.getSignature();
            return Optional.of(token)
                    .filter(ignored -> Base64URL.encode(signature.decode()).equals(signature));
        } catch (ParseException | RuntimeException e) {
            // What the library makes of garbage is not to be relied on, and its words may be the token's.
            return Optional.empty();
        }
    }

    private CompletionStage<Verdict> judgePublished(JWSObject token, Purpose purpose) {
        String kid = token.getHeader().getKeyID();
        if (published.isEmpty() || kid == null || kid.length() > KID_MAX) {
            return now(new Verdict.Invalid("it is signed with none of the keys"));
        }
        return published.get().find(kid).thenComposeAsync(found -> now(judgeBy(found, token, purpose)), ELSEWHERE);
    }

    private Verdict judgeBy(Found found, JWSObject token, Purpose purpose) {
        return switch (found) {
            case Found.Key(VerifyingKey key) ->
                key.algorithms().contains(token.getHeader().getAlgorithm()) && isSignedBy(List.of(key), token)
                        ? read(token, purpose)
                        : new Verdict.Invalid("it is signed with none of the keys");
            case Found.Unknown() -> new Verdict.Invalid("it names a key that is not published");
            case Found.Unreachable() -> new Verdict.Undecided("the keys at auth.jwks_url could not be asked for now");
        };
    }

    private static boolean isSignedBy(List<VerifyingKey> candidates, JWSObject token) {
        return candidates.stream().anyMatch(key -> isSignedBy(key, token));
    }

    private static boolean isSignedBy(VerifyingKey key, JWSObject token) {
        try {
            return key.verifies(token.getHeader(), token.getSigningInput(), token.getSignature());
        } catch (JOSEException | GeneralSecurityException | RuntimeException e) {
            // A signature of a wrong shape is a wrong signature.
            return false;
        }
    }

    /** Its signature is right. */
    private Verdict read(JWSObject jws, Purpose purpose) {
        Claims.Read claims;
        try {
            claims = Claims.read(ByteBuffer.wrap(jws.getPayload().toBytes()));
        } catch (MalformedException e) {
            return new Verdict.Invalid("its claims are malformed");
        }
        Token token = claims.token();
        String wrong = wrong(token, purpose);
        if (wrong != null) {
            return new Verdict.Invalid(wrong);
        }
        long now = millis.getAsLong();
        long skew = settings.clockSkew().toMillis();
        boolean over =
                token.validUntilMillis().isPresent() && token.validUntilMillis().getAsLong() + skew <= now;
        boolean early =
                claims.notBeforeMillis().isPresent() && claims.notBeforeMillis().getAsLong() - skew > now;
        return over || early ? new Verdict.Expired() : new Verdict.Valid(token);
    }

    private @Nullable String wrong(Token token, Purpose purpose) {
        boolean forTopic = !token.topic().isEmpty();
        if (purpose == Purpose.CONNECTION && forTopic) {
            return "it is for a topic, not for a connection";
        }
        if (purpose == Purpose.SUBSCRIPTION && !forTopic) {
            return "it is not for a topic";
        }
        if (settings.issuer().filter(issuer -> !issuer.equals(token.issuer())).isPresent()) {
            return "it was made by another than auth.issuer";
        }
        if (settings.audience()
                .filter(audience -> !token.audience().contains(audience))
                .isPresent()) {
            return "it is not for auth.audience";
        }
        if (revocations.has(token.id(), token.user(), token.issuedAtMillis().orElse(0))) {
            return "it has been revoked";
        }
        return null;
    }

    private CompletionStage<Verdict> now(Verdict verdict) {
        LongAdder count = switch (verdict) {
            case Verdict.Valid ignored -> valid;
            case Verdict.Expired ignored -> expired;
            case Verdict.Invalid ignored -> invalid;
            case Verdict.Undecided ignored -> undecided;
        };
        count.increment();
        return CompletableFuture.completedFuture(verdict);
    }
}
