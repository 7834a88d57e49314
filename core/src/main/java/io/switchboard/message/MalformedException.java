package io.switchboard.message;

/** Bytes from a broker or a client are not what they should be; the text says what was found and where. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        // Thrown once per bad input, which may be a flood: the place in our code is of no use, so no stack trace.
        super(message, null, false, false);
    }
}
