package io.switchboard.hub;

/** There are more of what was asked for than are told at once. */
public final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyException(String message) {
        super(message, null, false, false);
    }
}
