package io.switchboard.bench.plan;

/** The servers did not let themselves be measured; says what they did instead. */
public final class TargetFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TargetFailedException(String message) {
        super(message);
    }
}
