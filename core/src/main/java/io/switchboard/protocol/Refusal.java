package io.switchboard.protocol;

import java.time.Duration;
import java.util.Optional;

/** A connection is not admitted: the HTTP status and the text of the answer. */
public record Refusal(int status, String text, Optional<Duration> retryAfter) {
    public static Refusal of(int status, String text) {
        return new Refusal(status, text, Optional.empty());
    }

    public static Refusal busy(String text, Duration retryAfter) {
        return new Refusal(503, text, Optional.of(retryAfter));
    }

    /** Carries a refusal out of {@link Endpoint#open}. */
    public static final class Thrown extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        public Thrown(Refusal refusal) {
            super(refusal.text(), null, false, false);
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }
}
