package io.switchboard.tokens.callbacks;

import io.switchboard.protocol.Backend.Question;
import io.switchboard.tokens.wire.Exchange;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Posts one body to one hook, signed, with what headers of the client are allowed. Tries a second time where that is
 * safe: whatever could not be sent at all, and of questions that change nothing also those that were not answered
 * properly; both within the hook's time.
 */
final class Poster {
    private static final int BYTES_MAX = 1 << 20;
    private static final Set<Integer> PASSING = Set.of(502, 503, 504);
    private static final Set<Question> CHANGE_SOMETHING = EnumSet.of(Question.PUBLISH, Question.RPC, Question.SEND);

    private final CallbackSettings settings;
    private final Exchange exchange;
    private final LongSupplier nanos;

    Poster(CallbackSettings settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
        Duration longest = settings.hooks().values().stream()
                .map(Hook::within)
                .max(Duration::compareTo)
                .orElse(Duration.ofSeconds(1));
        exchange = new Exchange(longest, BYTES_MAX);
    }

    void close() {
        exchange.close();
    }

    /** The body of a proper answer (200); fails otherwise. */
    CompletionStage<ByteBuffer> ask(Question question, Hook hook, Map<String, String> ofClient, ByteBuffer body) {
        long deadline = nanos.getAsLong() + hook.within().toNanos();
        return attempt(hook, ofClient, body, deadline).exceptionallyCompose(failure -> {
            Throwable cause = Exchange.cause(failure);
            return isWorthRepeating(question, cause) && deadline - nanos.getAsLong() > 0
                    ? attempt(hook, ofClient, body, deadline)
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private static boolean isWorthRepeating(Question question, Throwable cause) {
        if (cause instanceof ConnectException) {
            return true;
        }
        return !CHANGE_SOMETHING.contains(question)
                && (cause instanceof Unusable answer ? PASSING.contains(answer.status) : cause instanceof IOException);
    }

    private CompletionStage<ByteBuffer> attempt(
            Hook hook, Map<String, String> ofClient, ByteBuffer body, long deadline) {
        long left = Math.max(1, (deadline - nanos.getAsLong()) / 1_000_000);
        return exchange.post(hook.url(), headers(ofClient, body), body, Duration.ofMillis(left))
                .thenCompose(answer -> answer.status() == 200
                        ? CompletableFuture.completedFuture(answer.body())
                        : CompletableFuture.failedFuture(new Unusable(answer.status())));
    }

    private Map<String, String> headers(Map<String, String> ofClient, ByteBuffer body) {
        var headers = new HashMap<String, String>();
        for (String name : settings.headers()) {
            String value = ofClient.get(name);
            if (value != null && value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f))) {
                headers.put(name, value);
            }
        }
        settings.secret().ifPresent(secret -> {
            String now = Long.toString(System.currentTimeMillis() / 1000);
            headers.put(Signing.TIMESTAMP, now);
            headers.put(Signing.SIGNATURE, Signing.signature(secret, now, body));
        });
        return headers;
    }

    /** What went wrong, in words without anything that was sent. */
    static String words(Throwable failure) {
        Throwable cause = Exchange.cause(failure);
        return switch (cause) {
            case Unusable answer -> "it answered " + answer.status;
            case ConnectException refused -> "nobody listens there";
            case TimeoutException late -> "it did not answer in time";
            default -> cause.getClass().getSimpleName();
        };
    }

    /** An answer that is not 200. */
    private static final class Unusable extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Unusable(int status) {
            super("the answer is " + status);
            this.status = status;
        }
    }
}
