package io.switchboard.server.config;

/** A text that is no value of its key: what is wrong with it, and what would be right. */
final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    private final String cure;

    BadValue(String problem, String cure) {
        super(problem, null, false, false);
        this.cure = cure;
    }

    String cure() {
        return cure;
    }
}
