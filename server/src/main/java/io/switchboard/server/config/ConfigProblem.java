package io.switchboard.server.config;

/**
 * One mistake in a configuration.
 *
 * @param where the place to look for it: {@code file:line}, the environment variable, or {@code --set}
 * @param text the key, what is wrong, and what would be right
 */
public record ConfigProblem(String where, String text) {
    @Override
    public String toString() {
        return where + ": " + text;
    }
}
