package io.switchboard.checks.client;

/** The connection ended while something was still awaited from it. */
public final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How it ended. */
    public enum Way {
        /** The server closed its side in order. */
        FIN,
        /** The connection was reset. */
        RESET
    }

    private final Way way;

    EndedException(Way way) {
        super("the connection ended: " + way);
        this.way = way;
    }

    public Way way() {
        return way;
    }
}
