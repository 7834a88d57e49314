package io.switchboard.protocol;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells true tokens from others. Safe from any thread, never blocks: where a key must be fetched first, the stage
 * completes later, on any thread, within a bounded time. It never fails.
 */
public interface Tokens {
    /** Knows no key: no token is true. */
    Tokens NONE = new Tokens() {
        private final CompletionStage<Verdict> none =
                CompletableFuture.completedFuture(new Verdict.Invalid("no key for tokens is configured"));

        @Override
        public CompletionStage<Verdict> connection(String token) {
            return none;
        }

        @Override
        public CompletionStage<Verdict> subscription(String token) {
            return none;
        }
    };

    /** Judges a token that says who somebody is. One for a topic is none of these. */
    CompletionStage<Verdict> connection(String token);

    /** Judges a token that lets somebody listen to a topic. Whose, and to which one, is for the caller to compare. */
    CompletionStage<Verdict> subscription(String token);

    /** What is to be thought of a token. */
    sealed interface Verdict {
        record Valid(Token token) implements Verdict {}

        /** It was true once, or will be; the client may come with a newer one. */
        record Expired() implements Verdict {}

        /** @param why for the log, never with anything of the token's own */
        record Invalid(String why) implements Verdict {}

        /**
         * Nobody can tell now, for the key could not be fetched; the client may come again with the same one.
         *
         * @param why for the log
         */
        record Undecided(String why) implements Verdict {}
    }
}
