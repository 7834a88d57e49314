package io.switchboard.bench.plan;

/** What was asked for cannot be done; says why, and what can. */
public final class BadPlanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadPlanException(String message) {
        super(message);
    }
}
