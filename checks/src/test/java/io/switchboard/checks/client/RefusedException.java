package io.switchboard.checks.client;

/** The server answered the handshake with something else than an upgrade. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpAnswer answer;

    RefusedException(HttpAnswer answer) {
        super("no upgrade but " + answer);
        this.answer = answer;
    }

    public HttpAnswer answer() {
        return answer;
    }
}
