package io.switchboard.tokens;

import io.switchboard.hub.Authenticator;
import io.switchboard.protocol.Identity;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.Request;
import io.switchboard.protocol.Token;
import io.switchboard.protocol.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The door of protocols that have no word for a token: it comes with the request, as {@code Authorization: Bearer …},
 * or as one of the parameters {@code token} and {@code access_token}, and must be that of the user whom the path names.
 * Without a user in it, it opens nothing.
 */
public final class TokenAuthenticator implements Authenticator {
    private static final List<String> PARAMETERS = List.of("token", "access_token");
    private static final String BEARER = "bearer ";

    private final Tokens tokens;
    private final Predicate<Request> introducesItself;

    /** @param introducesItself whether that request's protocol asks for a token by itself, later */
    public TokenAuthenticator(Tokens tokens, Predicate<Request> introducesItself) {
        this.tokens = tokens;
        this.introducesItself = introducesItself;
    }

    @Override
    public CompletionStage<Verdict> authenticate(Request request, String claimed) {
        if (introducesItself.test(request)) {
            return CompletableFuture.completedFuture(new Verdict.Accepted(claimed));
        }
        Optional<String> token = token(request);
        if (token.isEmpty()) {
            return CompletableFuture.completedFuture(new Verdict.Rejected(Refusal.of(
                    401, "no token: give it as Authorization: Bearer TOKEN, or as parameter token of the address")));
        }
        return tokens.connection(token.get()).thenApply(verdict -> judged(verdict, claimed));
    }

    private static Optional<String> token(Request request) {
        return request.header("authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip())
                .or(() -> PARAMETERS.stream()
                        .map(name -> request.query().getOrDefault(name, ""))
                        .filter(value -> !value.isEmpty())
                        .findFirst());
    }

    private static Verdict judged(Tokens.Verdict verdict, String claimed) {
        return switch (verdict) {
            case Tokens.Verdict.Expired() -> new Verdict.Rejected(Refusal.of(401, "the token has expired"));
            case Tokens.Verdict.Invalid(String why) -> new Verdict.Rejected(Refusal.of(401, "the token is not valid"));
            case Tokens.Verdict.Undecided(String why) ->
                new Verdict.Rejected(Refusal.busy("the token cannot be judged now", Duration.ofSeconds(2)));
            case Tokens.Verdict.Valid(Token token) -> accepted(token, claimed);
        };
    }

    private static Verdict accepted(Token token, String claimed) {
        if (token.user().isEmpty()) {
            return new Verdict.Rejected(Refusal.of(401, "the token names no user"));
        }
        if (!token.client().isEmpty()) {
            return new Verdict.Rejected(Refusal.of(401, "the token is for one connection of another kind"));
        }
        if (!claimed.isEmpty() && !claimed.equals(token.user())) {
            return new Verdict.Rejected(Refusal.of(403, "this is another user's path"));
        }
        return new Verdict.Accepted(new Identity(
                token.user(), token.device(), token.info(), token.expiresAtMillis(), token.id(), List.of()));
    }
}
