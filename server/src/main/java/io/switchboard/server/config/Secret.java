package io.switchboard.server.config;

/** A text that no log and no error ever shows. */
public record Secret(String text) {
    @Override
    public String toString() {
        return "****";
    }
}
