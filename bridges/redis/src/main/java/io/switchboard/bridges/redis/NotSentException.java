package io.switchboard.bridges.redis;

/** A command was certainly not carried out. */
final class NotSentException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotSentException(String why) {
        super(why);
    }
}
